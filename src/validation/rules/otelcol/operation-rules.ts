import type { ScalarNode } from '../../../model/index.ts';
import { debugOut, withExporter } from './examples.ts';
import { isOpaque } from './expansions.ts';
import { durationAt, isAbsentAt, scalarAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';

const debugDetailed: CollectorRule = {
  code: 'OC055',
  name: 'debug-detailed',
  severity: 'warning',
  summary: 'A `debug` exporter in a pipeline prints every record.',
  advice:
    'The agent’s log grows with its traffic and holds whatever the telemetry holds. Use `basic`, or an overlay that expires.',
  bad: withExporter('debug', '{verbosity: detailed}'),
  good: withExporter('debug', '{verbosity: basic}'),
  check({ started }, report) {
    for (const { section, type, value } of started) {
      const verbosity = scalarAt(value, 'verbosity');
      if (section === 'exporters' && type === 'debug' && verbosity?.text === 'detailed')
        report(verbosity.at, 'verbosity detailed prints every record to the agent’s log');
    }
  },
};

const fileLog = `receivers: {file_log: {include: [/var/log/*.log]}}
${debugOut}service: {pipelines: {logs: {receivers: [file_log], exporters: [debug]}}}
`;

const filelogNoStorage: CollectorRule = {
  code: 'OC056',
  name: 'filelog-no-storage',
  severity: 'warning',
  summary: 'A `file_log` receiver forgets where it was when the agent restarts.',
  advice:
    'Each new config restarts the agent: lines written meanwhile are lost, or read twice with `start_at: beginning`. Give it a `storage`.',
  bad: fileLog,
  good: `receivers: {file_log: {include: [/var/log/*.log], storage: file_storage}}
extensions: {file_storage: {directory: /var/lib/otelcol}}
${debugOut}service: {extensions: [file_storage], pipelines: {logs: {receivers: [file_log], exporters: [debug]}}}
`,
  check({ started }, report) {
    for (const { section, id, type, key, value } of started) {
      if (section !== 'receivers' || (type !== 'file_log' && type !== 'filelog')) continue;
      if (!isOpaque(value) && isAbsentAt(value, 'storage'))
        report(key.at, `"${id}" has no storage: its place in the files is lost at each restart`);
    }
  },
};

const intervals = new Set(['scrape_interval', 'collection_interval']);
const second = 1_000_000_000n;
const day = 86_400n * second;

const oddInterval: CollectorRule = {
  code: 'OC060',
  name: 'odd-interval',
  severity: 'warning',
  summary: 'A scrape or collection interval is shorter than a second or longer than a day.',
  advice: 'Every agent of the selection does it that often. Check the number and its unit.',
  bad: `receivers: {host_metrics: {collection_interval: 100ms, scrapers: {cpu: {}}}}
${debugOut}service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [debug]}}}
`,
  good: `receivers: {host_metrics: {collection_interval: 30s, scrapers: {cpu: {}}}}
${debugOut}service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [debug]}}}
`,
  check({ scalars }, report) {
    for (const { node, path } of scalars) {
      if (path[0] !== 'receivers' || !intervals.has(String(path.at(-1))) || isOpaque(node)) continue;
      const message = describeInterval(node);
      if (message !== undefined) report(node.at, message);
    }
  },
};

function describeInterval(node: ScalarNode): string | undefined {
  // A number without a unit counts nanoseconds here and is refused there; the rule on types tells it.
  if (node.type !== 'string') return undefined;
  const duration = durationAt(node, '');
  if (duration === undefined) return undefined;
  const shown = node.text.slice(0, 40);
  if (duration <= 0n) return `an interval of ${shown} is none`;
  if (duration < second) return `${shown} on every agent is very often; is the unit right?`;
  return duration > day ? `${shown} is longer than a day; is the unit right?` : undefined;
}

/** Rules on what a config costs to run. */
export const operationRules: readonly CollectorRule[] = [debugDetailed, filelogNoStorage, oddInterval];
