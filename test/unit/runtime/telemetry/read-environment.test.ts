import { expect, it } from 'vitest';
import { readTelemetryWishes } from '../../../../src/runtime/telemetry/read-environment.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

it.each([
  ['nothing', {}, [false, false, false]],
  ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, [false, false, false]],
  ['exporters without an endpoint', { OTEL_TRACES_EXPORTER: 'otlp' }, [false, false, false]],
  ['an endpoint', endpoint, [true, true, true]],
  ['one for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, [true, false, false]],
  [
    'one for metrics',
    { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4318/v1/metrics' },
    [false, true, false],
  ],
  ['one for logs', { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://c:4318/v1/logs' }, [false, false, true]],
  ['no traces', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, [false, true, true]],
  ['no metrics', { ...endpoint, OTEL_METRICS_EXPORTER: 'none' }, [true, false, true]],
  ['no logs', { ...endpoint, OTEL_LOGS_EXPORTER: 'none' }, [true, true, false]],
  ['nothing at all', { ...endpoint, OTEL_SDK_DISABLED: 'True' }, [false, false, false]],
  ['anything but true', { ...endpoint, OTEL_SDK_DISABLED: 'yes' }, [true, true, true]],
  [
    'the protocol there is',
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
    [true, true, true],
  ],
])('with %s', (_, environment, [traces, metrics, logs]) =>
  expect(readTelemetryWishes(environment)).toMatchObject({ traces, metrics, logs, faults: [] }),
);

it.each([
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, [false, false, false], 3, /not http\/protobuf/],
  [{ OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' }, [true, false, true], 1, /for metrics is not/],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, [false, true, true], 1, /neither otlp nor none/],
  [{ OTEL_LOGS_EXPORTER: 'console' }, [true, true, false], 1, /OTEL_LOGS_EXPORTER is neither/],
  [{ OTEL_BLRP_MAX_QUEUE_SIZE: '-1' }, [true, true, true], 1, /OTEL_BLRP_MAX_QUEUE_SIZE is no count/],
  [
    { OTEL_METRIC_EXPORT_INTERVAL: 'soon' },
    [true, true, true],
    1,
    /OTEL_METRIC_EXPORT_INTERVAL is no number/,
  ],
])('says what of %j it cannot do', (environment, [traces, metrics, logs], count, fault) => {
  const wishes = readTelemetryWishes({ ...endpoint, ...environment });
  expect(wishes).toMatchObject({ traces, metrics, logs, metricIntervalMs: 60_000 });
  expect(wishes.faults).toHaveLength(count);
  expect(wishes.faults[0]).toMatch(fault);
});

it('lets no export of metrics take longer than the time between two', () => {
  const read = (more: Record<string, string>) => readTelemetryWishes({ ...endpoint, ...more });
  expect(read({})).toMatchObject({ metricIntervalMs: 60_000, metricTimeoutMs: 30_000 });
  expect(read({ OTEL_METRIC_EXPORT_INTERVAL: '1000' })).toMatchObject({ metricTimeoutMs: 1_000 });
});

it('batches lines of the log as asked, in batches that fit in the queue', () => {
  const read = (more: Record<string, string>) => readTelemetryWishes({ ...endpoint, ...more }).logBatches;
  expect(read({})).toEqual({
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: 30_000,
    maxQueueSize: 2_048,
    maxExportBatchSize: 512,
  });
  expect(read({ OTEL_BLRP_SCHEDULE_DELAY: '50', OTEL_BLRP_MAX_QUEUE_SIZE: '100' })).toMatchObject({
    scheduledDelayMillis: 50,
    maxQueueSize: 100,
    maxExportBatchSize: 100,
  });
});
