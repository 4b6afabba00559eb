import { getPath } from '../../../manifests/index.ts';
import type { ScalarNode } from '../../../model/index.ts';
import { closestWord } from '../../../selectors/index.ts';
import type { Report } from '../rule.ts';
import type { CollectorConfig, Component } from './collector-config.ts';
import { isOpaque } from './expansions.ts';
import { isFalseAt, scalarAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';

const authReference: CollectorRule = {
  code: 'OC028',
  name: 'auth-ref',
  severity: 'error',
  summary: 'An `authenticator` names an extension that is not defined or not in `service.extensions`.',
  advice:
    'The collector stops at start, although its `validate` says nothing. Define the extension and list it.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", auth: {authenticator: oauth2client}}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", auth: {authenticator: bearertokenauth}}}
extensions: {bearertokenauth: {token: "\${env:TOKEN}"}}
service: {extensions: [bearertokenauth], pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  check({ config, scalars, started }, report) {
    for (const { node, path } of scalars) {
      if (path.at(-1) !== 'authenticator' || path.at(-2) !== 'auth') continue;
      const [section, id] = path;
      const isStarted = started.some((one) => one.section === section && one.key.text === id);
      if (isStarted) checkExtension(node, 'authenticator', config, report);
    }
  },
};

const storageReference: CollectorRule = {
  code: 'OC029',
  name: 'storage-ref',
  severity: 'error',
  summary: 'A `storage` names an extension that is not defined or not in `service.extensions`.',
  advice:
    'The collector stops at start, although its `validate` says nothing. Define the extension and list it.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", sending_queue: {storage: file_storage}}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", sending_queue: {storage: file_storage}}}
extensions: {file_storage: {directory: /var/lib/otelcol}}
service: {extensions: [file_storage], pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  check({ config, started }, report) {
    for (const component of started) {
      const storage = storageOf(component);
      if (storage) checkExtension(storage, 'storage', config, report);
    }
  },
};

/** Receivers whose `storage` is an extension's id; elsewhere the key may mean anything. */
const storedReceivers = new Set([
  'file_log',
  'filelog',
  'journald',
  'windows_event_log',
  'windowseventlog',
  'k8s_events',
  'k8s_objects',
  'k8sobjects',
  'sql_query',
  'sqlquery',
]);

function storageOf({ section, type, value }: Component): ScalarNode | undefined {
  if (section === 'receivers') return storedReceivers.has(type) ? scalarAt(value, 'storage') : undefined;
  if (section !== 'exporters') return undefined;
  const queue = getPath(value, 'sending_queue');
  return isFalseAt(queue, 'enabled') || isOpaque(getPath(queue, 'enabled'))
    ? undefined
    : scalarAt(queue, 'storage');
}

function checkExtension(node: ScalarNode, what: string, config: CollectorConfig, report: Report): void {
  const id = node.text.trim();
  if (isOpaque(node) || id === '' || !config.extensions.isKnown) return;
  const { extensions } = config.components;
  const isHidden = config.hidden.has('extensions');
  const isListed = config.extensions.references.some((reference) => reference.id === id);
  if (isListed && (extensions.has(id) || isHidden)) return;
  // An id that is listed but not defined is told where it is listed.
  if (isListed) return;
  if (extensions.has(id)) {
    report(node.at, `${what} "${id}" is defined, but service.extensions does not list it`);
    return;
  }
  const nearest = closestWord(id, extensions.keys());
  const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  const message = `${what} "${id.slice(0, 80)}" must be defined under extensions and listed in service.extensions${hint}`;
  report(node.at, message, nearest === undefined ? {} : { suggestion: nearest });
}

/** Rules on extensions that other components lean on. */
export const extensionUseRules: readonly CollectorRule[] = [authReference, storageReference];
