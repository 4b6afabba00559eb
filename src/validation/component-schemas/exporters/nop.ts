import { settings } from '../shape.ts';

/** Settings of the nop exporter. */
export const nopExporter = settings({});
