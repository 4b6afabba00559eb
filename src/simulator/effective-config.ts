import { type OutlineEntry, readOutline } from './yaml-outline.ts';

/** What a collector runs that has nothing to do. */
export const noOpConfig = `receivers:
  nop: {}
exporters:
  nop: {}
service:
  pipelines:
    traces:
      receivers: [nop]
      exporters: [nop]
`;

const secretKey = /^(?:.*_)?(?:authorization|password|token|secret|api[_-]?key|private_key|access_key)$/i;

const defaults: readonly (readonly [path: RegExp, lines: readonly string[]])[] = [
  [/^processors batch(?:\/.*)?$/, ['timeout: 200ms', 'send_batch_size: 8192', 'send_batch_max_size: 0']],
  [/^exporters debug(?:\/.*)?$/, ['verbosity: basic', 'sampling_initial: 2', 'sampling_thereafter: 1']],
  [/^receivers otlp(?:\/.*)? protocols grpc$/, ['endpoint: localhost:4317', 'transport: tcp']],
  [/^receivers otlp(?:\/.*)? protocols http$/, ['endpoint: localhost:4318', 'traces_url_path: /v1/traces']],
];

const telemetry = [
  'telemetry:',
  '  logs:',
  '    level: info',
  '    encoding: console',
  '  metrics:',
  '    level: normal',
];

function isLeaf(entry: OutlineEntry): boolean {
  return entry.value !== '' && !/^[[{|>&*]/.test(entry.value);
}

function isEmpty(entry: OutlineEntry): boolean {
  return entry.value === '{}' || entry.value === 'null' || entry.value === '~';
}

function rewrite(entry: OutlineEntry, line: string, outline: readonly OutlineEntry[]): string[] {
  const child = ' '.repeat(entry.indent + 2);
  const opening = line.slice(0, line.length - entry.value.length).trimEnd();
  const filled = isEmpty(entry) ? defaults.find(([path]) => path.test(entry.path.join(' '))) : undefined;
  if (filled) return [opening, ...filled[1].map((text) => child + text)];
  if (isLeaf(entry) && (secretKey.test(entry.key) || entry.path.at(-2) === 'headers'))
    return [`${opening} "[REDACTED]"`];
  const hasTelemetry = outline.some(({ path }) => path[0] === 'service' && path[1] === 'telemetry');
  if (entry.indent === 0 && entry.key === 'service' && !hasTelemetry)
    return [line, ...telemetry.map((text) => child + text)];
  return [line];
}

/**
 * What a collector that runs `offered` reports: the same structure with its defaults filled in, secrets replaced by
 * `[REDACTED]` and telemetry settings of its own.
 */
export function deriveEffectiveConfig(offered: string): string {
  const outline = readOutline(offered);
  const byLine = new Map(outline.map((entry) => [entry.line, entry]));
  const lines = offered.split('\n').flatMap((line, index) => {
    const entry = byLine.get(index);
    return entry ? rewrite(entry, line, outline) : [line];
  });
  return lines.join('\n');
}

/** The same text with one value changed behind the server's back; unchanged where it holds no value that could. */
export function driftEffectiveConfig(effective: string): string {
  const lines = effective.split('\n');
  const leaf = readOutline(effective).find(
    (entry) =>
      entry.indent > 0 && isLeaf(entry) && entry.path[0] !== 'service' && !entry.value.includes('REDACTED'),
  );
  if (leaf === undefined) return effective;
  const changed = /^\d+$/.test(leaf.value) ? String(Number(leaf.value) + 1) : '"changed-by-hand"';
  const line = lines[leaf.line]!;
  lines[leaf.line] = line.slice(0, line.length - leaf.value.length) + changed;
  return lines.join('\n');
}
