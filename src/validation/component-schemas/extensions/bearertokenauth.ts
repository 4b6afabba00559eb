import { atLeastOne, listOf, settings, text } from '../shape.ts';

/** Settings of the bearertokenauth extension. */
export const bearertokenauthExtension = settings(
  { filename: text, header: text, scheme: text, token: text, tokens: listOf(text) },
  { groups: [atLeastOne('token', 'tokens', 'filename')] },
);
