import { type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { HistogramPoint, Measurement } from './measurement.ts';

/** A measurement as OpenTelemetry has it, cumulative since `startedAt`; times are milliseconds since the epoch. */
export function toMetricData(measured: Measurement, startedAt: number, now: number): MetricData {
  const { name, help: description, kind } = measured;
  const common = {
    descriptor: { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const span = { startTime: toHrTime(startedAt), endTime: toHrTime(now) };
  if (kind === 'histogram')
    return {
      ...common,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: measured.points.map((point) => ({
        ...span,
        attributes: point.labels,
        value: toHistogram(point),
      })),
    };
  const dataPoints = measured.points.map(({ labels, value }) => ({ ...span, attributes: labels, value }));
  return kind === 'counter'
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
}

function toHistogram({ bounds, counts, count, sum }: HistogramPoint) {
  return { buckets: { boundaries: [...bounds], counts: [...counts] }, count, sum };
}

/** Prometheus says the unit at the end of the name (UCUM, as OpenTelemetry says it). */
function unitOf(name: string): string {
  const bare = name.replace(/_total$/, '');
  if (bare.endsWith('_seconds')) return 's';
  return bare.endsWith('_bytes') ? 'By' : '';
}

function toHrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1_000);
  return [seconds, Math.round((milliseconds - seconds * 1_000) * 1_000_000)];
}
