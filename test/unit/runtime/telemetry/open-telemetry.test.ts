import { expect, it } from 'vitest';
import { createManualClock, openTelemetry, silentSpan } from '../../../../src/runtime/index.ts';

it.each([
  [{}, []],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }, []],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    ['traces', 'metrics', 'logs'],
  ],
])('sends nothing with %j, and says why where it was asked to', async (environment, named) => {
  const faults: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (fields: object) => void faults.push(String((fields as { fault: string }).fault)),
    error() {},
    child: () => logger,
  };
  const measure = () => Promise.reject(new Error('nobody asks'));
  const telemetry = await openTelemetry(
    { clock: createManualClock(), logger, measure },
    { environment, version: '1', instance: undefined },
  );
  expect(telemetry.tracer).toBe(silentSpan);
  expect(faults).toHaveLength(named.length);
  for (const [index, signal] of named.entries()) expect(faults[index]).toContain(signal);
  await telemetry.close(1);
});
