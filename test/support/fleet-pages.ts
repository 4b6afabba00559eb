import { parseAllDocuments } from 'yaml';
import { codeBlocks } from './docs.ts';

/** Files of a fleet repo by path. */
export type FleetFiles = Readonly<Record<string, string>>;

const body = `receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 400}, batch: {}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [debug]}}}
`;

/**
 * The repos that a page shows: blocks whose first line names a file, one after the other. A file that comes again replaces
 * the one before, and then the repo as it was counts too. Tenants and bodies that the page takes for granted are added.
 */
export function fleetReposOf(page: string): readonly FleetFiles[] {
  const states: FleetFiles[] = [];
  let files: Record<string, string> = {};
  for (const text of codeBlocks(page, 'yaml')) {
    const [, path, content] = /^# ([\w.-][\w./-]*\.ya?ml)(?: .*)?\n([\s\S]*)$/.exec(text) ?? [];
    if (path === undefined || content === undefined) continue;
    if (path in files) states.push(complete(files));
    files = { ...files, [path]: content };
  }
  return Object.keys(files).length === 0 ? states : [...states, complete(files)];
}

function complete(shown: FleetFiles): FleetFiles {
  const files: Record<string, string> = { ...shown };
  for (const [path, text] of Object.entries(shown)) {
    const [, tenant] = /^tenants\/([^/]+)\//.exec(path) ?? [];
    if (tenant !== undefined) files[`tenants/${tenant}/tenant.yaml`] ??= 'kind: Tenant\n';
    for (const body_ of bodiesOf(text)) files[resolveBody(path, body_)] ??= body;
  }
  if (!Object.keys(files).some((path) => path.startsWith('tenants/')))
    files['tenants/acme/tenant.yaml'] = 'kind: Tenant\n';
  return files;
}

/** The paths that an AgentConfig of collector configs names. */
function bodiesOf(text: string): readonly string[] {
  return parseAllDocuments(text).flatMap((document) => {
    const value = document.toJS() as {
      kind?: string;
      type?: string;
      config?: unknown;
      overlays?: { config?: unknown }[];
    } | null;
    if (value?.kind !== 'AgentConfig' || (value.type ?? 'otelcol') !== 'otelcol') return [];
    return [value.config, ...(value.overlays ?? []).map(({ config }) => config)]
      .flat()
      .filter((one) => typeof one === 'string');
  });
}

function resolveBody(from: string, path: string): string {
  if (path.startsWith('/')) return path.slice(1);
  const folder = from.split('/').slice(0, -1);
  return [...folder, path].join('/');
}
