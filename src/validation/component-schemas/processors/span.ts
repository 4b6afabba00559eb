import { matchProperties } from '../blocks/matching.ts';
import { atLeastOne, bool, choice, listOf, settings, text } from '../shape.ts';

/** Settings of the span processor. */
export const spanProcessor = settings(
  {
    exclude: matchProperties,
    include: matchProperties,
    name: settings({
      from_attributes: listOf(text),
      separator: text,
      to_attributes: settings({ break_after_match: bool, keep_original_name: bool, rules: listOf(text) }),
    }),
    status: settings({ code: choice('Ok', 'Error', 'Unset'), description: text }),
  },
  { groups: [atLeastOne('name', 'status')] },
);
