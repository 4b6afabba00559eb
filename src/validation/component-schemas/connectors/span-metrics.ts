import { atMostOne, bool, choice, duration, int, listOf, optional, settings, text } from '../shape.ts';

const dimension = settings({ default: text, glob: text, name: text });

/** Settings of the span_metrics connector. */
export const spanMetricsConnector = settings({
  add_resource_attributes: bool,
  aggregation_cardinality_limit: int,
  aggregation_temporality: text,
  calls_dimensions: listOf(dimension),
  dimensions: listOf(dimension),
  dimensions_cache_size: int,
  enable_metrics_sampling_method: bool,
  events: settings({ dimensions: listOf(dimension), enabled: bool }),
  exclude_dimensions: listOf(text),
  exemplars: settings({ enabled: bool, max_per_data_point: int }),
  histogram: settings(
    {
      dimensions: listOf(dimension),
      disable: bool,
      explicit: optional({ buckets: listOf(duration) }),
      exponential: optional({ max_size: int }),
      unit: choice('ms', 's'),
    },
    { groups: [atMostOne('explicit', 'exponential')] },
  ),
  include_instrumentation_scope: listOf(text),
  metric_timestamp_cache_size: int,
  metrics_expiration: duration,
  metrics_flush_interval: duration,
  namespace: text,
  resource_metrics_cache_size: int,
  resource_metrics_key_attributes: listOf(text),
  series_expiration: duration,
});
