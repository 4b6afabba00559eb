import { duration, listOf, settings, text, uint } from '../shape.ts';

/** Settings of the batch processor. */
export const batchProcessor = settings({
  metadata_cardinality_limit: uint,
  metadata_keys: listOf(text),
  send_batch_max_size: uint,
  send_batch_size: uint,
  timeout: duration,
});
