import { settings, text } from '../shape.ts';

/** Settings of the fluent_forward receiver. */
export const fluentForwardReceiver = settings({ endpoint: text });
