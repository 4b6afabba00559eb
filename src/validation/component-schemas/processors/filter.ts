import { attributeMatches, matchProperties, regexpCache } from '../blocks/matching.ts';
import { errorMode } from '../blocks/ottl.ts';
import { bool, either, listOf, settings, text } from '../shape.ts';

const logSeverityNumberMatch = settings({ match_undefined: bool, min: text });

const logMatch = settings({
  bodies: listOf(text),
  match_type: text,
  record_attributes: attributeMatches,
  resource_attributes: attributeMatches,
  severity_number: logSeverityNumberMatch,
  severity_texts: listOf(text),
});

const metricMatch = settings({
  expressions: listOf(text),
  match_type: text,
  metric_names: listOf(text),
  regexp: regexpCache,
  resource_attributes: attributeMatches,
});

const contextConditions = settings({ conditions: listOf(text), context: text, error_mode: errorMode });

/** Settings of the filter processor. */
export const filterProcessor = settings({
  error_mode: errorMode,
  log_conditions: listOf(either(text, contextConditions)),
  logs: settings({ exclude: logMatch, include: logMatch, log_record: listOf(text), resource: listOf(text) }),
  metric_conditions: listOf(either(text, contextConditions)),
  metrics: settings({
    datapoint: listOf(text),
    exclude: metricMatch,
    include: metricMatch,
    metric: listOf(text),
    regexp: regexpCache,
    resource: listOf(text),
  }),
  profile_conditions: listOf(either(text, contextConditions)),
  profiles: settings({ profile: listOf(text), resource: listOf(text) }),
  spans: settings({ exclude: matchProperties, include: matchProperties }),
  trace_conditions: listOf(either(text, contextConditions)),
  traces: settings({ resource: listOf(text), span: listOf(text), spanevent: listOf(text) }),
});
