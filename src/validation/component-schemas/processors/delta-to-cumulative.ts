import { duration, int, settings } from '../shape.ts';

/** Settings of the delta_to_cumulative processor. */
export const deltaToCumulativeProcessor = settings({ max_stale: duration, max_streams: int });
