import { bool, choice, float, int, settings, text, uint } from '../shape.ts';

/** Settings of the probabilistic_sampler processor. */
export const probabilisticSamplerProcessor = settings({
  attribute_source: choice('traceID', 'record', ''),
  fail_closed: bool,
  from_attribute: text,
  hash_seed: uint,
  mode: choice('hash_seed', 'proportional', 'equalizing', ''),
  sampling_percentage: float,
  sampling_precision: int,
  sampling_priority: text,
});
