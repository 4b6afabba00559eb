import { bool, duration, int, listOf, settings, text } from '../shape.ts';

/** Settings of the service_graph connector. */
export const serviceGraphConnector = settings({
  cache_loop: duration,
  database_name_attributes: listOf(text),
  dimensions: listOf(text),
  exponential_histogram_max_size: int,
  latency_histogram_buckets: listOf(duration),
  metrics_flush_interval: duration,
  metrics_timestamp_offset: duration,
  store: settings({ max_items: int, ttl: duration }),
  store_expiration_loop: duration,
  virtual_node_extra_label: bool,
  virtual_node_peer_attributes: listOf(text),
});
