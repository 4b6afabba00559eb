import { settings } from '../shape.ts';

/** Settings of the nop receiver. */
export const nopReceiver = settings({});
