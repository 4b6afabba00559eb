import { afterEach, expect, it, vi } from 'vitest';
import {
  createLogLines,
  createManualClock,
  createSystemClock,
  openLogExport,
  openTelemetry,
  silentSpan,
} from '../../../../src/runtime/index.ts';
import { eventually } from '../../../support/eventually.ts';

afterEach(() => vi.unstubAllEnvs());

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

it('says once that lines are not taken, though that is a line as well', async () => {
  const environment = {
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:1/v1/logs',
    OTEL_EXPORTER_OTLP_TIMEOUT: '50',
    OTEL_BLRP_SCHEDULE_DELAY: '10',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const lines = createLogLines();
  const said: string[] = [];
  const note = (_: object, msg: string) => {
    said.push(msg);
    lines.write(JSON.stringify({ level: 40, time: new Date(0).toISOString(), msg }));
  };
  const logger = { debug() {}, info: note, warn: note, error: note, child: () => logger };
  const close = await openLogExport(
    { clock: createSystemClock(), logger, lines },
    { environment, version: '1', instance: undefined },
  );
  logger.info({}, 'a line');
  await eventually(() => said.includes('telemetry is not taken'));
  for (let count = 0; count < 5; count += 1) {
    logger.info({}, 'another line');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await close(1_000);
  expect(said.filter((line) => line === 'telemetry is not taken')).toHaveLength(1);
});
