import { type FleetSummary, instanceUid, type RolloutView } from '../../src/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { collectorText, startTestService, type TestService } from '../support/service.ts';

/** Text that must be text wherever it is shown. */
export const hostile =
  '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e\u0000\u{1f4a5}';

/** A value that stands in Git and must not be shown. */
export const plantedSecret = 'hunter2-is-not-for-you';

const config = (marker: string) => `kind: AgentConfig
selector:
  matchLabels: {role: ${marker}}
config: ${marker}/collector.yaml
rollout: steps
`;
const rollout = `kind: Rollout
steps:
  - {name: first, count: 1, soak: 0s}
  - {name: most, percent: 60, soak: 0s, approval: true}
`;

/** Three signals, a connector between two of them, and an API key that nobody may see. */
const gatewayText = (timeout: string) => `receivers:
  otlp:
    protocols:
      grpc: {endpoint: localhost:4317}
  hostmetrics:
    scrapers: {cpu: {}, memory: {}}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 400}
  resource: {attributes: [{key: region, value: eu, action: upsert}]}
  batch: {timeout: ${timeout}}
connectors:
  spanmetrics: {}
exporters:
  otlp_http:
    endpoint: https://telemetry.example.com
    headers: {x-api-key: ${plantedSecret}}
  debug/unused: {}
  debug: {}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [memory_limiter, resource, batch], exporters: [otlp_http, spanmetrics]}
    metrics: {receivers: [hostmetrics, spanmetrics], processors: [memory_limiter, batch], exporters: [otlp_http, debug]}
    logs: {receivers: [otlp], processors: [batch], exporters: [otlp_http]}
`;

/** The server of `startFleet`, and the newest commit of its repo. */
export type Fleet = TestService & { readonly sha: string };

/**
 * A small fleet at rest: a config that all have but one, who says in hostile words why; and a second commit, whose rollout
 * waits for approval.
 */
export async function startFleet(): Promise<Fleet> {
  const service = await startTestService({
    files: {
      'edge.yaml': config('edge').replace('rollout: steps', 'rollout: immediate'),
      'edge/collector.yaml': collectorText(),
      'gateway.yaml': config('gateway').replace('rollout: steps', 'rollout: immediate'),
      'gateway/collector.yaml': gatewayText('7s'),
      'spare.yaml': config('spare'),
      'spare/collector.yaml': collectorText('9s'),
      'rollouts/steps.yaml': rollout,
    },
  });
  const join = (role: string, index: number) =>
    service.agent({
      // Who comes first in a rollout follows from the uid.
      uid: instanceUid(`01936f2e-8c1a-7b42-9d55-0f3c6a7e1b0${index}`),
      attributes: {
        'service.name': 'otelcol',
        'service.version': '0.159.0',
        'host.name': `${role}-${index}`,
        role,
        ...(index === 1 && { note: hostile }),
      },
    });
  for (const index of [1, 2, 3, 4]) join('edge', index);
  service.agent({
    attributes: { 'service.name': 'otelcol', 'host.name': 'broken-7', role: 'edge' },
    refuse: () => hostile,
  });
  // One group after the other, so that events are in the same order each time.
  await settled(service, ({ states: { delivery } }) => delivery.applied === 4 && delivery.failed === 1);
  for (const index of [5, 6]) join('gateway', index);
  await settled(service, ({ states: { delivery } }) => delivery.applied === 6 && delivery.failed === 1);
  service.repo.commit(
    { 'gateway.yaml': config('gateway'), 'gateway/collector.yaml': gatewayText('9s') },
    'Gateways send every nine seconds',
  );
  await eventually(async () => {
    const { text } = await service.get<RolloutView>('/api/v1/rollouts/default%2Fgateway');
    if (!text.includes('waits for approval')) throw new Error(text);
    return true;
  }, 60_000);
  // Statuses come a moment after what they tell of.
  const sha = service.repo.git('rev-parse', 'HEAD');
  for (const context of ['muster/default', 'muster/fleet']) await service.status(sha, context, 'pending');
  return Object.assign(service, { sha });
}

async function settled(service: TestService, done: (fleet: FleetSummary) => boolean): Promise<void> {
  await eventually(async () => {
    const fleet = await service.fleet();
    if (!done(fleet)) throw new Error(JSON.stringify(fleet.states.delivery));
    return true;
  }, 60_000);
}
