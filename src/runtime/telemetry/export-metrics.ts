import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import {
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Clock } from '../clock.ts';
import type { TelemetryWishes } from './read-environment.ts';
import type { TelemetryDeps, TelemetryOptions } from './telemetry.ts';
import { tellFailures } from './tell-failures.ts';
import { toMetricData } from './to-metric-data.ts';

/** What `/metrics` shows, under the same names, on its way to `OTEL_EXPORTER_OTLP_ENDPOINT`. */
export function startMetrics(
  resource: Resource,
  options: TelemetryOptions & TelemetryWishes,
  deps: TelemetryDeps,
): { shutdown(): Promise<void> } {
  const reader = new PeriodicExportingMetricReader({
    exporter: tellFailures(new OTLPMetricExporter(), 'metrics', deps.logger),
    exportIntervalMillis: options.metricIntervalMs,
    exportTimeoutMillis: options.metricTimeoutMs,
    metricProducers: [createProducer(resource, options.version, deps)],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { shutdown: () => provider.shutdown() };
}

function createProducer(
  resource: Resource,
  version: string,
  { clock, measure }: { readonly clock: Clock } & Pick<TelemetryDeps, 'measure'>,
): MetricProducer {
  const startedAt = clock.now();
  return {
    async collect() {
      const measured = await measure();
      const metrics = measured
        .filter(({ points }) => points.length > 0)
        .map((one) => toMetricData(one, startedAt, clock.now()));
      return {
        resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'muster', version }, metrics }] },
        errors: [],
      };
    },
  };
}
