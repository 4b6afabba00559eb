import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { findFreePort } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { collectorText, oneTenant } from '../support/service.ts';
import { startProcess } from './support/foreign-process.ts';
import { startMuster } from './support/muster-process.ts';

const receiver = (port: number) => `receivers:
  otlp:
    protocols:
      http: {endpoint: 127.0.0.1:${port}}
exporters:
  debug: {verbosity: detailed}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
    metrics: {receivers: [otlp], exporters: [debug]}
    logs: {receivers: [otlp], exporters: [debug]}
`;

it('a real collector takes Muster’s own traces, metrics and logs', async () => {
  const folder = makeTemporaryDir();
  const port = await findFreePort();
  const config = join(folder.path, 'collector.yaml');
  writeFileSync(config, receiver(port));
  let said = '';
  const collector = startProcess(inject('peers').collector, ['--config', config], {
    onLine: (line) => {
      said += `${line}\n`;
    },
  });
  try {
    await eventually(() => said.includes('Everything is ready') || undefined, 60_000);
    await using muster = await startMuster(
      { ...oneTenant, 'edge/collector.yaml': collectorText() },
      {
        environment: {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=interop',
          OTEL_METRIC_EXPORT_INTERVAL: '500',
          OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        },
      },
    );
    const sha = muster.repo.git('rev-parse', 'HEAD');
    for (const expected of [
      /service\.name: Str\(muster\)/,
      /deployment\.environment\.name: Str\(interop\)/,
      /Name +: validate/,
      /Name +: read\n(?:.*\n)*?.*muster\.revision: Str\([0-9a-f]{40}\)/,
      /SeverityText: INFO\n[\s\S]*?Body: Str\(listening\)/,
      /Name: muster_agents\n/,
      /Name: muster_pass_seconds\n/,
      /DataType: Histogram/,
      /DataType: Sum[\s\S]*?IsMonotonic: true\n[\s\S]*?AggregationTemporality: Cumulative/,
    ])
      await eventually(() => expected.test(said) || undefined, 60_000);
    expect(said).toContain(sha);
    expect(said).not.toMatch(/\terror\t/);
  } finally {
    await collector.stop();
    folder.remove();
  }
});
