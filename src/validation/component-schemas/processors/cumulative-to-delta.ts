import { regexpCache } from '../blocks/matching.ts';
import { choice, duration, listOf, settings, text } from '../shape.ts';

const matchMetrics = settings({
  match_type: text,
  metric_types: listOf(text),
  metrics: listOf(text),
  regexp: regexpCache,
});

/** Settings of the cumulative_to_delta processor. */
export const cumulativeToDeltaProcessor = settings({
  exclude: matchMetrics,
  include: matchMetrics,
  initial_value: choice('auto', 'keep', 'drop'),
  max_staleness: duration,
});
