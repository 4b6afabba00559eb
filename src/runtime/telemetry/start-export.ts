import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
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
    async close(limitMs) {
      const sent = Promise.allSettled([traces?.shutdown(), metrics?.shutdown()]);
      await Promise.race([sent, new Promise<void>((resolve) => clock.after(limitMs, resolve))]);
    },
  };
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win. */
function describeService({ version, instance }: TelemetryOptions): Resource {
  return resourceFromAttributes({
    'service.name': 'muster',
    'service.version': version,
    ...(instance !== undefined && { 'muster.instance': instance }),
  }).merge(detectResources({ detectors: [envDetector] }));
}
