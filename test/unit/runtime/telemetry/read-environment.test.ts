import { expect, it } from 'vitest';
import { readTelemetryWishes } from '../../../../src/runtime/telemetry/read-environment.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

it.each([
  ['nothing', {}, [false, false]],
  ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, [false, false]],
  ['exporters without an endpoint', { OTEL_TRACES_EXPORTER: 'otlp' }, [false, false]],
  ['an endpoint', endpoint, [true, true]],
  ['one for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, [true, false]],
  ['one for metrics', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4318/v1/metrics' }, [false, true]],
  ['no traces', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, [false, true]],
  ['no metrics', { ...endpoint, OTEL_METRICS_EXPORTER: 'none' }, [true, false]],
  ['nothing at all', { ...endpoint, OTEL_SDK_DISABLED: 'True' }, [false, false]],
  ['anything but true', { ...endpoint, OTEL_SDK_DISABLED: 'yes' }, [true, true]],
  ['the protocol there is', { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, [true, true]],
])('with %s', (_, environment, [traces, metrics]) =>
  expect(readTelemetryWishes(environment)).toMatchObject({ traces, metrics, faults: [] }),
);

it.each([
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, [false, false], 2, /not http\/protobuf/],
  [{ OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' }, [true, false], 1, /for metrics is not/],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, [false, true], 1, /neither otlp nor none/],
  [{ OTEL_METRIC_EXPORT_INTERVAL: 'soon' }, [true, true], 1, /OTEL_METRIC_EXPORT_INTERVAL is no number/],
])('says what of %j it cannot do', (environment, [traces, metrics], count, fault) => {
  const wishes = readTelemetryWishes({ ...endpoint, ...environment });
  expect(wishes).toMatchObject({ traces, metrics, metricIntervalMs: 60_000 });
  expect(wishes.faults).toHaveLength(count);
  expect(wishes.faults[0]).toMatch(fault);
});

it('lets no export of metrics take longer than the time between two', () => {
  const read = (more: Record<string, string>) => readTelemetryWishes({ ...endpoint, ...more });
  expect(read({})).toMatchObject({ metricIntervalMs: 60_000, metricTimeoutMs: 30_000 });
  expect(read({ OTEL_METRIC_EXPORT_INTERVAL: '1000' })).toMatchObject({ metricTimeoutMs: 1_000 });
});
