import { bool, duration, settings } from '../shape.ts';

/** Settings of the interval processor. */
export const intervalProcessor = settings({
  interval: duration,
  pass_through: settings({ gauge: bool, summary: bool }),
});
