import { join } from 'node:path';
import { expect, inject, it, type TestContext } from 'vitest';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { createSimulatedAgent } from '../../src/simulator/index.ts';
import { eventuallyHolds } from '../support/eventually.ts';
import { makeFleet, startMuster } from './support/muster-process.ts';
import { startSupervisedAgent } from './support/supervised-agent.ts';

/** A collector config; the marker makes it distinct. */
function collectorText(marker: string, address = '127.0.0.1:0'): string {
  return `receivers:
  otlp:
    protocols:
      grpc: {endpoint: "${address}"}
processors:
  batch: {timeout: ${marker}}
exporters:
  debug: {}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug]}
`;
}

/** A documentation address: right in every way, and no host can listen on it. */
const notOurs = '192.0.2.1:4317';
const path = 'tenants/acme/edge/collector.yaml';
/** The real collector first, then half of the simulated ones, then all. */
const rollout = `kind: Rollout
steps:
  - {name: real, selector: {matchLabels: {fleet-role: edge}}, soak: 2s}
  - {name: half, percent: 50, soak: 1s}
failure: {healthTimeout: 60s}
`;

async function startFleet(test: TestContext) {
  const { token, files } = await makeFleet(collectorText('5s'));
  const manifest = 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n';
  const service = await startMuster({
    ...files,
    'tenants/acme/edge.yaml': manifest,
    'tenants/acme/careful.yaml': rollout,
  });
  const real = (agent: { readonly host: string | null }) => !agent.host?.startsWith('sim-');
  const agent = await startSupervisedAgent({
    peers: inject('peers'),
    endpoint: service.opampUrl('ws'),
    token,
    folder: join(service.folder, 'agent'),
    applyTimeout: '15s',
    running: () => service.agent((seen) => real(seen) && seen.connected && seen.delivery === 'applied'),
  });
  test.onTestFailed(() => void process.stderr.write(`${agent.output.slice(-40).join('\n')}\n`));
  const { uid } = await service.agent(real);
  const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
  const simulated = Array.from({ length: 10 }, (_, index) =>
    createSimulatedAgent(
      {
        url: service.opampUrl('ws'),
        token,
        attributes: { 'service.name': 'otelcol', 'host.name': `sim-${index}` },
        applyDelayMs: 50,
      },
      deps,
    ),
  );
  const offers = () => simulated.map((one) => one.state().offers);
  await eventuallyHolds(() => expect(offers()).toEqual(simulated.map(() => 1)), 60_000);
  return {
    service,
    uid,
    offers,
    async [Symbol.asyncDispose]() {
      for (const one of simulated) one.stop();
      await agent.stop();
      await service[Symbol.asyncDispose]();
    },
  };
}

it('a rollout goes to a real collector first, then to ten simulated agents; a refused one takes the real one back', async (test) => {
  await using fleet = await startFleet(test);
  const { service, uid, offers } = fleet;
  await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');

  const good = service.repo.commit({ [path]: collectorText('7s') });
  await service.status(good, 'muster/fleet', 'pending');
  await eventuallyHolds(
    async () => expect((await service.detail(uid)).effectiveConfig).toContain('timeout: 7s'),
    120_000,
  );
  const status = await service.status(good, 'muster/fleet', 'success');
  expect(status.description).toBe('11/11 applied and healthy');
  expect(offers()).toEqual(Array(10).fill(2));

  const bad = service.repo.commit({ [path]: collectorText('9s', notOurs) });
  const failed = await service.status(bad, 'muster/fleet', 'failure');
  expect(failed.description).toMatch(
    new RegExp(`^1 failed, roll(s|ed) back to ${good.slice(0, 7)}: \\S+ exit code 1`),
  );
  await eventuallyHolds(async () => {
    const detail = await service.detail(uid);
    expect(detail).toMatchObject({ delivery: 'failed', health: 'Healthy', connected: true });
    expect(detail.effectiveConfig).toContain('timeout: 7s');
  }, 120_000);
  expect(offers()).toEqual(Array(10).fill(2));
  expect((await service.note(bad)).revert).toBe(`git revert ${bad}`);
});
