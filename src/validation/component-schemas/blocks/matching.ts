import { any, bool, choice, int, listOf, settings, text, word } from '../shape.ts';

/** How many regular expressions’ results are kept. */
export const regexpCache = settings({ cacheenabled: bool, cachemaxnumentries: int });

/** Attributes by key and value. */
export const attributeMatches = listOf(settings({ key: text, value: any }));

/** Which spans, records or metrics a processor looks at. */
export const matchProperties = settings({
  attributes: attributeMatches,
  libraries: listOf(settings({ name: text, version: text })),
  log_bodies: listOf(text),
  log_severity_number: settings({ match_undefined: bool, min: int }),
  log_severity_texts: listOf(text),
  match_type: choice('strict', 'regexp', ''),
  metric_names: listOf(text),
  regexp: regexpCache,
  resources: attributeMatches,
  services: listOf(text),
  span_kinds: listOf(text),
  span_names: listOf(text),
});

/** One change to an attribute. */
export const attributeAction = settings(
  {
    action: word('insert', 'update', 'upsert', 'delete', 'hash', 'extract', 'convert'),
    converted_type: text,
    default_value: any,
    from_attribute: text,
    from_context: text,
    key: text,
    pattern: text,
    value: any,
  },
  { required: ['action'] },
);
