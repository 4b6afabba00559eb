import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { withCollector } from './support/collector.ts';
import { buildPrinted } from './support/go-peers.ts';
import { makeFleet, muster, startMuster } from './support/muster-process.ts';
import { startSupervisedAgent } from './support/supervised-agent.ts';

const collectorText = `receivers:
  otlp:
    protocols:
      grpc: {endpoint: "127.0.0.1:0"}
  hostmetrics:
    collection_interval: 30s
    scrapers: {memory: {}}
processors:
  batch: {}
exporters:
  debug: {}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug]}
    metrics: {receivers: [otlp, hostmetrics], processors: [batch], exporters: [debug]}
`;

it('prints a manifest that builds, holds nothing else, and runs the config under the supervisor', async () => {
  const { token, files } = await makeFleet(collectorText);
  await using service = await startMuster(files);
  const manifest = await muster('ocb', service.repo.dir, '--tenant', 'acme', '--name', 'otelcol-smallest');
  const collector = await buildPrinted('otelcol-smallest', manifest);

  const held = await withCollector(collector, (oracle) => oracle.components());
  // The collector lists the older name of a renamed component too.
  expect([...held].filter((component) => component !== 'receiver/hostmetrics').sort()).toEqual([
    'exporter/debug',
    'exporter/nop',
    'extension/opamp',
    'processor/batch',
    'receiver/host_metrics',
    'receiver/nop',
    'receiver/otlp',
  ]);

  await using agent = await startSupervisedAgent({
    peers: { ...inject('peers'), collector },
    endpoint: service.opampUrl('ws'),
    token,
    folder: join(service.folder, 'agent'),
    applyTimeout: '5s',
    running: () =>
      service.agent(({ connected, delivery }) => connected && /^(applying|applied)$/.test(delivery)),
  });
  const first = service.repo.git('rev-parse', 'HEAD');
  await service.status(first, 'muster/fleet', 'success');
  const { uid } = await service.agent(({ sync, health }) => sync === 'Synced' && health === 'Healthy');
  const { labels, components } = await service.detail(uid);
  expect(labels['service.name']).toBe('otelcol-smallest');
  expect(components).toContain('exporter/debug');
  expect(agent.output).not.toHaveLength(0);
});
