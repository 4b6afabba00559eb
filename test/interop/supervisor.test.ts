import { join } from 'node:path';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { makeFleet, startMuster } from './support/muster-process.ts';
import { startSupervisedAgent } from './support/supervised-agent.ts';

/** A collector config; the marker makes it distinct, and an address that no host has is what only the collector refuses. */
function collectorText(marker: string, address = '127.0.0.1:0'): string {
  return `receivers:
  otlp:
    protocols:
      grpc: {endpoint: "${address}"}
processors:
  batch: {timeout: ${marker}}
exporters:
  debug: {verbosity: basic}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug]}
`;
}

const path = 'tenants/acme/edge/collector.yaml';

async function startBoth(test: TestContext, transport: 'ws' | 'http', applyTimeout?: string) {
  const { token, files } = await makeFleet(collectorText('5s'));
  const service = await startMuster(files);
  const agent = await startSupervisedAgent({
    peers: inject('peers'),
    endpoint: service.opampUrl(transport),
    token,
    folder: join(service.folder, 'agent'),
    running: () =>
      service.agent(
        ({ connected, delivery }) => connected && (delivery === 'applying' || delivery === 'applied'),
      ),
    ...(applyTimeout === undefined ? {} : { applyTimeout }),
  });
  test.onTestFailed(() => void process.stderr.write(`${agent.output.slice(-40).join('\n')}\n`));
  const stop = async () => {
    await agent.stop();
    await service[Symbol.asyncDispose]();
  };
  return { service, agent, [Symbol.asyncDispose]: stop };
}

describe.concurrent.each(['ws', 'http'] as const)('the supervisor and its collector over %s', (transport) => {
  it('connects with the printed file, runs its config, and follows a commit', async (test) => {
    await using both = await startBoth(test, transport);
    const { service } = both;
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.status(first, 'muster/fleet', 'success');
    const agent = await service.agent((seen) => seen.sync === 'Synced' && seen.health === 'Healthy');
    expect(agent).toMatchObject({ tenant: 'acme', config: 'edge', delivery: 'applied', connected: true });
    const detail = await service.detail(agent.uid);
    expect(detail.appliedHash).toBe(detail.desiredHash);
    expect(detail.labels).toMatchObject({ 'fleet-role': 'edge', 'service.name': 'otelcol-muster' });
    expect(detail.effectiveConfig).toContain('timeout: 5s');

    const second = service.repo.commit({ [path]: collectorText('7s') });
    await service.status(second, 'muster/fleet', 'success');
    expect((await service.detail(agent.uid)).effectiveConfig).toContain('timeout: 7s');
    const note = await service.note(second);
    expect(note).toMatchObject({
      state: 'success',
      tenants: { acme: { agents: { applied: 1, healthy: 1 } } },
    });
  });

  it('fails the commit whose config the collector refuses, with the reason, and mends with the next', async (test) => {
    await using both = await startBoth(test, transport, '15s');
    const { service } = both;
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.status(first, 'muster/fleet', 'success');
    const bad = service.repo.commit({ [path]: collectorText('7s', '192.0.2.1:4317') });
    const status = await service.status(bad, 'muster/fleet', 'failure');
    expect(status.description).toMatch(/^1 failed: .*exit code 1/);
    const note = await service.note(bad);
    expect(note.tenants.acme?.failures[0]?.reason).toMatch(/exit code 1/);
    const agent = await service.agent();
    expect(agent.delivery).toBe('failed');

    const good = service.repo.commit({ [path]: collectorText('9s') });
    await service.status(good, 'muster/fleet', 'success');
    await service.agent((seen) => seen.sync === 'Synced' && seen.health === 'Healthy');
  });

  it('goes on when Muster is killed while the agent applies', async (test) => {
    await using both = await startBoth(test, transport, '15s');
    const { service } = both;
    await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
    const next = service.repo.commit({ [path]: collectorText('7s') });
    await service.agent((seen) => seen.delivery === 'applying');
    await service.killAndRestart();
    await service.status(next, 'muster/fleet', 'success');
    await service.agent((seen) => seen.delivery === 'applied' && seen.sync === 'Synced');
    const offers = both.agent.output.filter((line) => line.includes('Received remote config')).length;
    expect(offers).toBeLessThanOrEqual(2);
  });

  it('takes up where it was when the agent is restarted', async (test) => {
    await using both = await startBoth(test, transport, '15s');
    const { service, agent } = both;
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.status(first, 'muster/fleet', 'success');
    const { uid } = await service.agent();
    await agent.stop();
    await service.agent((seen) => !seen.connected);
    await agent.start();
    const back = await service.agent(
      (seen) => seen.connected && seen.sync === 'Synced' && seen.health === 'Healthy',
    );
    expect(back).toMatchObject({ uid, delivery: 'applied' });
    expect((await service.status(first, 'muster/fleet', 'success')).description).toMatch(
      /applied and healthy/,
    );
  });
});
