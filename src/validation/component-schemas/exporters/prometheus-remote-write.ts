import { retryOnFailure } from '../blocks/exporter.ts';
import { httpClientFields } from '../blocks/http.ts';
import { resourceToTelemetry, translationStrategy } from '../blocks/prometheus.ts';
import { bool, duration, int, listOf, mapOf, optional, settings, text } from '../shape.ts';

/** Settings of the prometheus_remote_write exporter. */
export const prometheusRemoteWriteExporter = settings({
  ...httpClientFields,
  add_metric_suffixes: bool,
  convert_explicit_histograms_to_nhcb: bool,
  disable_scope_info: bool,
  external_labels: mapOf(text),
  http: settings({ ...httpClientFields }),
  include_metadata_keys: listOf(text),
  keep_classic_histograms: bool,
  max_batch_request_parallelism: int,
  max_batch_size_bytes: int,
  namespace: text,
  protobuf_message: text,
  remote_write_queue: settings({ enabled: bool, num_consumers: int, queue_size: int }),
  resource_to_telemetry_conversion: resourceToTelemetry,
  retry_on_failure: retryOnFailure,
  send_metadata: bool,
  target_info: settings({ enabled: bool }),
  translation_strategy: translationStrategy,
  wal: optional({
    buffer_size: int,
    directory: text,
    lag_record_frequency: duration,
    truncate_frequency: duration,
  }),
});
