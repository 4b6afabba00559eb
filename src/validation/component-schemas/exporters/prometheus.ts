import { sendingQueue } from '../blocks/exporter.ts';
import { httpServerFields } from '../blocks/http.ts';
import { resourceToTelemetry, translationStrategy } from '../blocks/prometheus.ts';
import { bool, duration, mapOf, settings, text } from '../shape.ts';

/** Settings of the prometheus exporter. */
export const prometheusExporter = settings({
  ...httpServerFields,
  add_metric_suffixes: bool,
  const_labels: mapOf(text),
  enable_open_metrics: bool,
  metric_expiration: duration,
  namespace: text,
  resource_to_telemetry_conversion: resourceToTelemetry,
  send_timestamps: bool,
  sending_queue: sendingQueue,
  translation_strategy: translationStrategy,
  without_scope_info: bool,
});
