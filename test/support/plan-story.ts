import { collectorText } from './service.ts';

/** A pull request with something of everything that a plan tells, and the fleet that it meets. */
export interface PlanStory {
  readonly base: Readonly<Record<string, string>>;
  /** What the head writes over the base; undefined deletes. */
  readonly head: Readonly<Record<string, string | undefined>>;
  /** As `muster agents list --output json` prints it. */
  readonly inventory: string;
}

const config = (labels: string, body: string, more = '') =>
  `kind: AgentConfig\nselector:\n  matchLabels: {${labels}}\nconfig: ${body}\n${more}`;
const enrolled = (...names: readonly string[]) =>
  `kind: Tenant\nenrollment:\n${names
    .map((name) => `  - {name: ${name}, tokenSha256: ${name.charAt(0).repeat(64)}}\n`)
    .join('')}`;
const body = collectorText().replace(
  '  debug: {}',
  '  debug: {}\n  otlp_http:\n    endpoint: https://backend.example.com\n    headers: {authorization: "${env:BACKEND_TOKEN}"}\n    sending_queue: {queue_size: 10}',
);
const exporting = body.replace('exporters: [debug]', 'exporters: [otlp_http]');

const base = {
  'fleet.yaml': 'kind: Fleet\nguard: {percent: 20, agents: 3}\n',
  'tenants/acme/tenant.yaml': enrolled('edge', 'bootstrap'),
  'tenants/acme/edge.yaml': config('service.name: otelcol, role: edge', 'edge.collector.yaml'),
  'tenants/acme/edge.collector.yaml': exporting,
  'tenants/acme/edge-gpu.yaml': config('role: gpu', 'gpu.collector.yaml'),
  'tenants/acme/gpu.collector.yaml': exporting,
  'tenants/acme/gateway.yaml': config('role: gateway', 'gateway.collector.yaml'),
  'tenants/acme/gateway.collector.yaml': exporting,
  'tenants/globex/tenant.yaml': enrolled('central'),
  'tenants/globex/edge.yaml': config('role: edge', 'collector.yaml'),
  'tenants/globex/collector.yaml': exporting,
};

const head = {
  'tenants/acme/tenant.yaml': enrolled('edge'),
  // A larger queue, and a filter that drops data.
  'tenants/acme/edge.collector.yaml': exporting
    .replace('queue_size: 10', 'queue_size: 20')
    .replace(
      'processors:',
      'processors:\n  filter/noise: {error_mode: ignore, traces: {span: [\'name == "ping"\']}}',
    )
    .replace('processors: [batch]', 'processors: [filter/noise, batch]'),
  'tenants/acme/edge-gpu.yaml': undefined,
  'tenants/acme/gpu.collector.yaml': undefined,
  'tenants/acme/gateway.yaml': config(
    'role: gateway',
    'gateway.collector.yaml',
    'requires: {version: ">=0.140.0"}\n',
  ),
  'tenants/acme/gateway.collector.yaml': body,
  // Adopts agents that no AgentConfig had, and takes some from edge.
  'tenants/acme/lab.yaml': config('zone: lab', 'lab.collector.yaml', 'priority: 5\n'),
  'tenants/acme/lab.collector.yaml': body,
  // A typing mistake: matches nobody.
  'tenants/acme/canary.yaml': config('role: canray', 'lab.collector.yaml'),
};

interface Kind {
  readonly tenant: string;
  readonly count: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly credential?: string;
  readonly components?: string;
}

const kinds: readonly Kind[] = [
  { tenant: 'acme', count: 20, labels: { role: 'edge' }, credential: 'edge' },
  { tenant: 'acme', count: 4, labels: { role: 'edge' }, credential: 'bootstrap', components: 'small' },
  { tenant: 'acme', count: 3, labels: { role: 'edge', zone: 'lab' } },
  { tenant: 'acme', count: 2, labels: { zone: 'lab' } },
  { tenant: 'acme', count: 9, labels: { role: 'gpu' } },
  { tenant: 'acme', count: 2, labels: { role: 'gateway' } },
  { tenant: 'acme', count: 1, labels: { role: 'gateway' }, version: '0.139.0' },
  { tenant: 'globex', count: 12, labels: { role: 'edge' } },
];

function composeInventory(): string {
  let number = 0;
  const items = kinds.flatMap(({ tenant, count, labels, version = '0.144.0', credential, components }) =>
    Array.from({ length: count }, () => {
      number += 1;
      const own = { 'service.name': 'otelcol', 'service.version': version, 'host.name': `web-${number}` };
      return {
        uid: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
        ...{ tenant, host: own['host.name'], labels: { ...own, ...labels }, credential },
        build: { name: 'otelcol', version, components: components ?? null },
        hash: null,
      };
    }),
  );
  const small = ['receiver/otlp', 'processor/batch', 'exporter/debug', 'exporter/otlp_http'];
  return JSON.stringify({ items, builds: { small } });
}

/** The showcase. */
export const planStory: PlanStory = { base, head, inventory: composeInventory() };
