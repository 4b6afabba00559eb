import { listOf, settings, text } from '../shape.ts';

/** Settings of the groupbyattrs processor. */
export const groupbyattrsProcessor = settings({ keys: listOf(text) });
