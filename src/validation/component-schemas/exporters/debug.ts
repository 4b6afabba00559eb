import { sendingQueue } from '../blocks/exporter.ts';
import { bool, int, listOf, settings, text, word } from '../shape.ts';

/** Settings of the debug exporter. */
export const debugExporter = settings({
  output_paths: listOf(text),
  sampling_initial: int,
  sampling_thereafter: int,
  sending_queue: sendingQueue,
  use_internal_logger: bool,
  verbosity: word('basic', 'normal', 'detailed'),
});
