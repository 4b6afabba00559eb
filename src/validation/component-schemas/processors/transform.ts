import { errorMode } from '../blocks/ottl.ts';
import { bool, either, listOf, settings, text } from '../shape.ts';

const contextStatements = settings({
  conditions: listOf(text),
  context: text,
  error_mode: errorMode,
  statements: listOf(text),
});

/** Settings of the transform processor. */
export const transformProcessor = settings({
  error_mode: errorMode,
  flatten_data: bool,
  log_statements: listOf(either(text, contextStatements)),
  metric_statements: listOf(either(text, contextStatements)),
  profile_statements: listOf(either(text, contextStatements)),
  trace_statements: listOf(either(text, contextStatements)),
});
