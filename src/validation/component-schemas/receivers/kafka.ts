import { retryOnFailure } from '../blocks/exporter.ts';
import { kafkaClientFields } from '../blocks/kafka.ts';
import { bool, choice, duration, int, listOf, settings, text, until } from '../shape.ts';

const topicEncoding = settings({ encoding: text, exclude_topics: listOf(text), topics: listOf(text) });

/** Settings of the kafka receiver. */
export const kafkaReceiver = settings({
  ...kafkaClientFields,
  autocommit: settings({ enable: bool, interval: duration }),
  error_backoff: retryOnFailure,
  group_id: text,
  group_instance_id: text,
  group_rebalance_strategies: listOf(text),
  group_rebalance_strategy: text,
  header_extraction: settings({ extract_headers: bool, headers: listOf(text) }),
  heartbeat_interval: duration,
  initial_offset: choice('latest', 'earliest', ''),
  logs: topicEncoding,
  max_fetch_size: int,
  max_fetch_wait: duration,
  max_partition_fetch_size: int,
  message_marking: settings({ after: bool, on_error: bool, on_permanent_error: bool }),
  metrics: topicEncoding,
  min_fetch_size: int,
  profiles: topicEncoding,
  session_timeout: duration,
  telemetry: settings({ metrics: settings({ kafka_receiver_records_delay: settings({ enabled: bool }) }) }),
  traces: topicEncoding,
  topic: until(141, text, 'logs.topics, metrics.topics or traces.topics'),
  encoding: until(141, text, 'logs.encoding, metrics.encoding or traces.encoding'),
  default_fetch_size: until(144, int, 'max_fetch_size'),
});
