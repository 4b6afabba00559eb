import { getEntry } from '../../../manifests/index.ts';
import type { ConfigNode } from '../../../model/index.ts';
import { closestWord } from '../../../selectors/index.ts';
import type { Report } from '../rule.ts';
import { type CollectorConfig, roles, sections } from './collector-config.ts';
import { isOpaque } from './expansions.ts';
import type { CollectorRule } from './subject.ts';

const topLevelKeys = [...sections, 'service'];
const serviceKeys = ['telemetry', 'extensions', 'pipelines'];

const minimal = `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
`;

const unknownSection: CollectorRule = {
  code: 'OC003',
  name: 'unknown-section',
  severity: 'error',
  summary: 'A key at the top level, under `service` or in a pipeline is not one that the collector knows.',
  advice: 'The collector refuses to start. The message names the nearest known key.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporter: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `${minimal}service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config }, report) {
    checkKeys(config.root, topLevelKeys, 'top-level section', report);
    checkKeys(config.service?.value, serviceKeys, 'key under service', report);
    for (const pipeline of config.pipelines) {
      checkKeys(pipeline.value, roles, `key in pipeline "${pipeline.id}"`, report);
    }
  },
};

function checkKeys(
  node: ConfigNode | undefined,
  known: readonly string[],
  what: string,
  report: Report,
): void {
  for (const { key } of node?.kind === 'map' ? node.entries : []) {
    if (known.includes(key.text)) continue;
    const nearest = closestWord(key.text, known);
    const hint = nearest === undefined ? ` (known: ${known.join(', ')})` : `. Did you mean "${nearest}"?`;
    const extra = nearest === undefined ? {} : { suggestion: nearest };
    report(key.at, `unknown ${what} "${key.text}"${hint}`, extra);
  }
}

const emptyConfig: CollectorRule = {
  code: 'OC004',
  name: 'empty-config',
  severity: 'error',
  summary: 'After merging there is no receiver, no exporter or no pipeline.',
  advice: 'The collector refuses to start, so the agent would stop. Add what the message names.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `${minimal}service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config }, report) {
    if (isOpaque(config.root)) return;
    const missing: string[] = [];
    for (const section of ['receivers', 'exporters'] as const) {
      if (config.components[section].size === 0 && !config.hidden.has(section)) missing.push(section);
    }
    const pipelines = getEntry(config.service?.value, 'pipelines')?.value;
    const areHidden = isOpaque(config.service?.value) || isOpaque(pipelines);
    if (config.pipelines.length === 0 && !areHidden) missing.push('pipelines');
    if (missing.length > 0) report(config.root.at, `the merged config has no ${missing.join(' and no ')}`);
  },
};

const listExpected: CollectorRule = {
  code: 'OC022',
  name: 'list-expected',
  severity: 'error',
  summary: 'A list of component ids is written as something else, or a section or pipeline is not a map.',
  advice: 'The collector refuses to start. Write ids as a list: `[otlp]`.',
  bad: `${minimal}service: {pipelines: {logs: {receivers: otlp, exporters: [debug]}}}
`,
  good: `${minimal}service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config }, report) {
    checkLists(config, report);
    for (const key of topLevelKeys) checkMap(getEntry(config.root, key)?.value, key, report);
    checkMap(getEntry(config.service?.value, 'pipelines')?.value, 'service.pipelines', report);
    for (const { id, value } of config.pipelines) checkMap(value, `pipeline "${id}"`, report);
  },
};

function checkLists(config: CollectorConfig, report: Report): void {
  const extensions = config.extensions.entry;
  checkList(extensions?.value, 'service.extensions', report);
  for (const pipeline of config.pipelines) {
    for (const role of roles)
      checkList(pipeline[role].entry?.value, `${role} of pipeline "${pipeline.id}"`, report);
  }
}

function checkList(node: ConfigNode | undefined, what: string, report: Report): void {
  if (!node || node.kind === 'list' || isOpaque(node) || isNull(node)) return;
  const example = node.kind === 'scalar' ? `[${node.text.slice(0, 60)}]` : '[otlp]';
  report(node.at, `${what} must be a list: ${example}`);
}

function checkMap(node: ConfigNode | undefined, what: string, report: Report): void {
  if (!node || node.kind === 'map' || isOpaque(node) || isNull(node)) return;
  report(node.at, `${what} must be a map`);
}

/** Whether a node is an empty value or a written null. */
export function isNull(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

/** Rules on the shape of the merged config. */
export const structureRules: readonly CollectorRule[] = [unknownSection, emptyConfig, listExpected];
