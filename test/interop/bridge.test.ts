import { join } from 'node:path';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import type { AgentView } from '../../src/http-api/index.ts';
import { eventually } from '../support/eventually.ts';
import { startBridge } from './support/bridge.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { makeFleet, startMuster } from './support/muster-process.ts';

const managed = { 'opentelemetry.io/opamp-managed': 'true' };

/** A whole resource, as it stands in the fleet repo; the marker makes it distinct. */
function resourceText(timeout: string): string {
  return `apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata:
  labels: {opentelemetry.io/opamp-managed: "true"}
spec:
  mode: deployment
  resources: {limits: {cpu: 1000m, memory: 1024Mi}}
  config:
    receivers: {otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}}
    processors: {batch: {timeout: ${timeout}}}
    exporters: {debug: {}}
    service: {pipelines: {logs: {receivers: [otlp], processors: [batch], exporters: [debug]}}}
`;
}

function agentConfig(names: readonly string[], rest = ''): string {
  const files = names.map((name) => `obs/${name}: edge/${name}.yaml`).join(', ');
  return `kind: AgentConfig\ntype: otelcol-cr\nselector: {}\nfiles: {${files}}\nrollout: immediate\n${rest}`;
}

const path = 'tenants/acme/edge.yaml';
const body = (name: string) => `tenants/acme/edge/${name}.yaml`;

function timeoutOf(cluster: Cluster, key: string): unknown {
  const spec = cluster.collectors.get(key)?.spec as
    | { config?: { processors?: { batch?: { timeout?: unknown } } } }
    | undefined;
  return spec?.config?.processors?.batch?.timeout;
}

async function startAll(test: TestContext, transport: 'ws' | 'http', names: readonly string[]) {
  const { token, files } = await makeFleet('');
  delete files['tenants/acme/edge/collector.yaml'];
  const bodies = Object.fromEntries(names.map((name) => [body(name), resourceText('1s')]));
  const service = await startMuster({ ...files, [path]: agentConfig(names), ...bodies });
  const cluster = await startCluster();
  const start = () =>
    startBridge({
      program: inject('peers').bridge,
      endpoint: service.opampUrl(transport),
      token,
      cluster,
      folder: join(service.folder, 'bridge'),
    });
  const running: { bridge?: ReturnType<typeof start> } = {};
  test.onTestFailed(() => void process.stderr.write(`${running.bridge?.output.slice(-40).join('\n')}\n`));
  const stop = async () => {
    await running.bridge?.stop('SIGINT');
    await cluster[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  };
  return {
    service,
    cluster,
    start: () => void (running.bridge = start()),
    [Symbol.asyncDispose]: stop,
  };
}

describe.each(['ws', 'http'] as const)('the bridge of the OpenTelemetry Operator over %s', (transport) => {
  it('makes the resources of Git, follows a commit, and is in sync with what the cluster made of them', async (test) => {
    await using all = await startAll(test, transport, ['edge', 'gateway']);
    const { service, cluster } = all;
    all.start();
    await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
    const agent = await service.agent((seen) => seen.sync === 'Synced' && seen.health === 'Healthy');
    expect(agent).toMatchObject({ tenant: 'acme', config: 'edge', delivery: 'applied' });
    expect([...cluster.collectors.keys()].sort()).toEqual(['obs/edge', 'obs/gateway']);
    const detail = await service.detail(agent.uid);
    expect(detail.labels).toMatchObject({ 'fleet.type': 'otelcol-cr', 'k8s.cluster.name': 'east' });
    expect(detail.effectiveConfig).toContain('"obs/gateway"');

    const next = service.repo.commit({ [body('edge')]: resourceText('7s') });
    await service.status(next, 'muster/fleet', 'success');
    expect(timeoutOf(cluster, 'obs/edge')).toBe('7s');
    await service.agent((seen) => seen.sync === 'Synced');
  });

  it('is as healthy as the worst of its pods', async (test) => {
    await using all = await startAll(test, transport, ['edge']);
    const { service, cluster } = all;
    all.start();
    const agent = await service.agent((seen) => seen.sync === 'Synced' && seen.health === 'Healthy');
    cluster.setPod('obs/edge', 'Pending');
    await service.agent((seen) => seen.health === 'Degraded');
    expect((await service.detail(agent.uid)).lastError).toBe('obs/edge › obs/edge-0: Pending');
    cluster.setPod('obs/edge', 'Running');
    await service.agent((seen) => seen.health === 'Healthy');
  });

  it('deletes nothing that Git merely dropped, and what `delete` names', async (test) => {
    await using all = await startAll(test, transport, ['edge', 'old']);
    const { service, cluster } = all;
    all.start();
    await service.agent((seen) => seen.sync === 'Synced' && seen.delivery === 'applied');

    service.repo.commit({ [path]: agentConfig(['edge']), [body('edge')]: resourceText('7s') });
    await service.agent((seen) => seen.delivery === 'held' && seen.reason?.includes('obs/old') === true);
    expect(timeoutOf(cluster, 'obs/edge')).toBe('1s');

    const meant = service.repo.commit({ [path]: agentConfig(['edge'], 'delete: [obs/old]\n') });
    await service.status(meant, 'muster/fleet', 'success');
    await eventually(() => expect([...cluster.collectors.keys()]).toEqual(['obs/edge']));
    expect(timeoutOf(cluster, 'obs/edge')).toBe('7s');
    expect(cluster.writes.filter((write) => write.startsWith('DELETE'))).toEqual(['DELETE obs/old']);
  });

  it('keeps what it only watches, and holds for what it manages without Git', async (test) => {
    await using all = await startAll(test, transport, ['edge']);
    const { service, cluster } = all;
    const spec = { config: {} };
    const watched = { 'opentelemetry.io/opamp-reporting': 'true' };
    cluster.addCollector({ metadata: { namespace: 'obs', name: 'watched', labels: watched }, spec });
    cluster.addCollector({ metadata: { namespace: 'obs', name: 'foreign', labels: managed }, spec });
    all.start();
    const isHeld = (seen: AgentView) =>
      seen.delivery === 'held' && seen.reason?.includes('obs/foreign') === true;
    const held = await service.agent(isHeld);
    expect(held.reason).not.toContain('watched');
    expect(cluster.writes).toEqual([]);

    service.repo.commit({ [path]: agentConfig(['edge'], 'delete: [obs/foreign]\n') });
    await service.agent((seen) => seen.sync === 'Synced' && seen.delivery === 'applied');
    expect(cluster.collectors.has('obs/edge')).toBe(true);
    expect(cluster.collectors.has('obs/watched')).toBe(true);
  });
});
