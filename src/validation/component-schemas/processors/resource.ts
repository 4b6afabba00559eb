import { attributeAction } from '../blocks/matching.ts';
import { listOf, settings } from '../shape.ts';

/** Settings of the resource processor. */
export const resourceProcessor = settings(
  { attributes: listOf(attributeAction) },
  { required: ['attributes'] },
);
