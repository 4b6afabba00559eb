import { any, bool, duration, either, type Fields, int, listOf, mapOf, settings, text } from '../shape.ts';
import { componentId } from './net.ts';

/** Steps that parse and change entries; each type has settings of its own, which are not judged. */
export const operators = listOf(any);

/** Bytes, as a number or with a unit such as `1MiB`. */
export const byteSize = either(int, text);

/** Whether entries are offered again when the pipeline refuses them. */
export const consumerRetry = settings({
  enabled: bool,
  initial_interval: duration,
  max_elapsed_time: duration,
  max_interval: duration,
});

/** Where an entry of several lines starts or ends. */
export const multiline = settings({ line_end_pattern: text, line_start_pattern: text, omit_pattern: bool });

/** Settings of every receiver that is built from operators. */
export const inputFields = {
  attributes: mapOf(text),
  id: text,
  operators,
  output: listOf(text),
  resource: mapOf(text),
  retry_on_failure: consumerRetry,
  storage: componentId,
  type: text,
} satisfies Fields;
