import { settings } from '../shape.ts';

/** Settings of the forward connector. */
export const forwardConnector = settings({});
