import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTelemetryReceiver, type TelemetryReceiver } from '../../interop/support/telemetry-receiver.ts';
import { findFreePort } from '../../support/cli-process.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { makeRepo, makeTemporaryDir } from '../../support/git-repo.ts';
import { readLines, readMetrics, readSpans, type SentSpan } from '../../support/otlp.ts';
import { startServeProcess } from '../../support/serve-process.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

afterEach(() => vi.unstubAllEnvs());

function stub(environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

interface WrittenLine {
  readonly level: number;
  readonly time: string;
  readonly msg: string;
}

const spansOf = (receiver: TelemetryReceiver): readonly SentSpan[] =>
  receiver.received('/v1/traces').flatMap(({ body }) => readSpans(body));

describe('the service’s own telemetry', () => {
  it('tells of a commit in one trace, and of what is measured, with name, attributes and header as asked', async () => {
    await using receiver = await startTelemetryReceiver();
    stub({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url(''),
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20CANARY-HEADER',
      OTEL_SERVICE_NAME: 'muster-eu',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.version=9',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    await using service = await startTestService({
      files: {
        ...oneTenant,
        'edge/collector.yaml': collectorText().replace(
          'debug: {}',
          'debug: {}\n  otlp: {endpoint: CANARY-CONFIG:4317}',
        ),
      },
      environment: { MUSTER_API_TOKENS: 'operator:*:CANARY-TOKEN' },
    });
    service.agent({ attributes: { 'service.name': 'otelcol', 'host.name': 'CANARY-HOST' } });
    const sha = service.repo.git('rev-parse', 'HEAD');
    const names = new Set<string>();
    await eventuallyHolds(() => {
      const spans = spansOf(receiver);
      const read = spans.find(({ attributes }) => attributes['muster.revision'] === sha);
      for (const { name, traceId } of spans) if (traceId === read?.traceId) names.add(name);
      expect([...names].sort()).toEqual(
        [
          'adopt',
          'assign',
          'fetch',
          'offer',
          'pass',
          'poll',
          'read',
          'render',
          'rollouts',
          'status',
          'sweep',
          'validate',
        ].sort(),
      );
      expect(spans.some(({ name }) => name === 'render configs')).toBe(true);
    }, 15_000);
    const { traceId } = spansOf(receiver).find(({ name }) => name === 'validate') ?? {};
    const spans = spansOf(receiver).filter((span) => span.traceId === traceId);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const parentOf = (name: string) =>
      byId.get(spans.find((one) => one.name === name)?.parentSpanId ?? '')?.name;
    expect(['validate', 'adopt', 'pass', 'read', 'poll'].map(parentOf)).toEqual([
      'adopt',
      'pass',
      'poll',
      'poll',
      undefined,
    ]);
    await eventuallyHolds(() => {
      const metrics = receiver.received('/v1/metrics').flatMap(({ body }) => readMetrics(body));
      const matched = metrics.findLast(({ name }) => name === 'muster_agents')?.points;
      expect(matched).toContainEqual({ labels: { fact: 'applied' }, value: 1 });
      expect(metrics.find(({ name }) => name === 'muster_pass_seconds')?.resource).toEqual({
        'service.name': 'muster-eu',
        'service.version': '9',
        'deployment.environment.name': 'test',
      });
    }, 15_000);
    await service.stop();
    const all = ['/v1/traces', '/v1/metrics'].flatMap((path) => receiver.received(path));
    expect(new Set(all.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer CANARY-HEADER']));
    for (const { body } of all) expect(body.toString('latin1')).not.toContain('CANARY');
  });

  it('runs and stops though nobody takes it, and says so once', async () => {
    stub({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findFreePort()}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_METRIC_EXPORT_INTERVAL: '50',
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
    });
    const said: string[] = [];
    const note = (fields: object, message: string) =>
      void said.push(`${message} ${'signal' in fields ? fields.signal : ''}`);
    const logger = { debug() {}, info: note, warn: note, error: note, child: () => logger };
    await using service = await startTestService({ files: oneTenant, logger });
    service.agent({ attributes: { 'service.name': 'otelcol' } });
    await eventuallyHolds(async () => expect(await service.agents('delivery=applied')).toHaveLength(1));
    await eventuallyHolds(() => expect(said).toContain('telemetry is not taken traces'), 15_000);
    await service.stop();
    expect(said.filter((line) => line === 'telemetry is not taken traces')).toHaveLength(1);
  });

  it('sends the lines of its log, from the first to the last, as they stand on standard error', async () => {
    await using receiver = await startTelemetryReceiver();
    using folder = makeTemporaryDir();
    const repo = makeRepo(join(folder.path, 'repo'));
    repo.commit({ ...oneTenant, 'edge/collector.yaml': collectorText() });
    const serve = await startServeProcess(
      {
        repo: repo.dir,
        'data-dir': join(folder.path, 'data'),
        opamp: '127.0.0.1:0',
        http: '127.0.0.1:0',
        poll: '1s',
      },
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url(''),
        OTEL_SERVICE_NAME: 'muster-eu',
        OTEL_TRACES_EXPORTER: 'none',
      },
    );
    expect(await serve.end('SIGTERM')).toBe(0);
    const written = serve
      .output()
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as WrittenLine] : []));
    const sent = receiver.received('/v1/logs').flatMap(({ body }) => readLines(body));
    expect(written.length).toBeGreaterThan(3);
    expect(sent.map(({ body, at }) => [body, at])).toEqual(
      written.map(({ msg, time }) => [msg, Date.parse(time)]),
    );
    const names = new Map([
      [30, [9, 'INFO']],
      [40, [13, 'WARN']],
    ]);
    expect(sent.map(({ severity }) => severity)).toEqual(written.map(({ level }) => names.get(level)));
    expect(sent.find(({ body }) => body === 'listening')?.attributes).toMatchObject({ http: serve.httpUrl });
    expect(sent[0]?.resource).toMatchObject({ 'service.name': 'muster-eu' });
  }, 60_000);
});
