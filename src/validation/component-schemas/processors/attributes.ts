import { attributeAction, matchProperties } from '../blocks/matching.ts';
import { listOf, settings } from '../shape.ts';

/** Settings of the attributes processor. */
export const attributesProcessor = settings(
  { actions: listOf(attributeAction), exclude: matchProperties, include: matchProperties },
  { required: ['actions'] },
);
