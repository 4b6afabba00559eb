import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { Clock } from '../clock.ts';
import type { LogLines } from '../log-lines.ts';
import { startLogs } from './export-logs.ts';
import { startMetrics } from './export-metrics.ts';
import { startTraces } from './export-traces.ts';
import type { TelemetryWishes } from './read-environment.ts';
import { silentSpan } from './span.ts';
import type { Telemetry, TelemetryDeps, TelemetryOptions } from './telemetry.ts';

/** Starts to export what is wished for. */
export function startExport(deps: TelemetryDeps, options: TelemetryOptions & TelemetryWishes): Telemetry {
  const { clock, logger } = deps;
  const resource = describeService(options);
  const traces = options.traces ? startTraces(resource, options.version, logger) : undefined;
  const metrics = options.metrics ? startMetrics(resource, options, deps) : undefined;
  logger.info({ traces: options.traces, metrics: options.metrics }, 'telemetry is sent by OTLP');
  return {
    tracer: traces?.tracer ?? silentSpan,
    close: (limitMs) => within(clock, limitMs, [traces?.shutdown(), metrics?.shutdown()]),
  };
}

/** Starts to send lines of the log; the function that it answers with sends what is left, for so many milliseconds. */
export function startLogExport(
  { clock, logger, lines }: Pick<TelemetryDeps, 'clock' | 'logger'> & { readonly lines: LogLines },
  options: TelemetryOptions & TelemetryWishes,
): (limitMs: number) => Promise<void> {
  const logs = startLogs(describeService(options), options, { lines, logger });
  logger.info({ logs: true }, 'telemetry is sent by OTLP');
  return (limitMs) => within(clock, limitMs, [logs.shutdown()]);
}

async function within(
  clock: Clock,
  limitMs: number,
  work: readonly (Promise<void> | undefined)[],
): Promise<void> {
  const late = new Promise<void>((resolve) => void clock.after(limitMs, resolve));
  await Promise.race([Promise.allSettled(work), late]);
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win. */
function describeService({ version, instance }: TelemetryOptions): Resource {
  return resourceFromAttributes({
    'service.name': 'muster',
    'service.version': version,
    ...(instance !== undefined && { 'muster.instance': instance }),
  }).merge(detectResources({ detectors: [envDetector] }));
}
