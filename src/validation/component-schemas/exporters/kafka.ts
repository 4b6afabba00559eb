import { retryOnFailure, sendingQueue } from '../blocks/exporter.ts';
import { kafkaClientFields } from '../blocks/kafka.ts';
import { componentId, compressionParams } from '../blocks/net.ts';
import { bool, choice, duration, either, int, listOf, settings, text, until } from '../shape.ts';

const signal = settings({
  encoding: text,
  message_key_from_metadata_key: text,
  topic: text,
  topic_from_metadata_key: text,
});

/** Settings of the kafka exporter. */
export const kafkaExporter = settings({
  ...kafkaClientFields,
  include_metadata_keys: listOf(text),
  logs: signal,
  metrics: signal,
  partition_logs_by_resource_attributes: bool,
  partition_logs_by_trace_id: bool,
  partition_metrics_by_resource_attributes: bool,
  partition_traces_by_id: bool,
  producer: settings({
    allow_auto_topic_creation: bool,
    compression: choice('none', 'gzip', 'snappy', 'lz4', 'zstd', ''),
    compression_params: compressionParams,
    flush_max_messages: int,
    linger: duration,
    max_broker_write_bytes: int,
    max_message_bytes: int,
    required_acks: either(int, text),
  }),
  profiles: signal,
  record_headers: listOf(settings({ name: text, value: text })),
  record_partitioner: settings({
    extension: componentId,
    least_backup: settings({}),
    round_robin: settings({}),
    sticky_key: settings({ hasher: text }),
  }),
  retry_on_failure: retryOnFailure,
  sending_queue: sendingQueue,
  timeout: duration,
  topic_from_attribute: text,
  traces: signal,
  topic: until(148, text, 'logs.topic, metrics.topic or traces.topic'),
  encoding: until(148, text, 'logs.encoding, metrics.encoding or traces.encoding'),
});
