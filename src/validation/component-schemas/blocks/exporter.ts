import { bool, choice, duration, float, int, listOf, optional, settings, text } from '../shape.ts';
import { componentId } from './net.ts';

/** What a queue or batch is measured in. */
export const sizer = choice('requests', 'items', 'bytes');

/** The queue between the pipeline and the network, and the batches made in it. */
export const sendingQueue = optional({
  batch: optional({
    flush_timeout: duration,
    max_size: int,
    min_size: int,
    partition: settings({ metadata_keys: listOf(text) }),
    sizer,
  }),
  block_on_overflow: bool,
  num_consumers: int,
  queue_size: int,
  sizer,
  storage: componentId,
  wait_for_result: bool,
});

/** How long, and how often, a failed request is sent again. */
export const retryOnFailure = settings({
  enabled: bool,
  initial_interval: duration,
  max_elapsed_time: duration,
  max_interval: duration,
  multiplier: float,
  randomization_factor: float,
});
