import { addrFields } from '../blocks/net.ts';
import { bool, choice, duration, float, int, listOf, settings, text, uint } from '../shape.ts';

/** Settings of the statsd receiver. */
export const statsdReceiver = settings({
  ...addrFields,
  aggregation_interval: duration,
  counter_type: choice('int', 'float', 'stochastic_int', ''),
  enable_ip_only_aggregation: bool,
  enable_metric_type: bool,
  enable_simple_tags: bool,
  ignore_host: bool,
  is_monotonic_counter: bool,
  socket_buffer_size: int,
  socket_permissions: uint,
  timer_histogram_mapping: listOf(
    settings({
      histogram: settings({
        explicit_buckets: listOf(settings({ buckets: listOf(float), matcher_pattern: text })),
        max_size: int,
      }),
      observer_type: text,
      statsd_type: text,
      summary: settings({ percentiles: listOf(float) }),
    }),
  ),
});
