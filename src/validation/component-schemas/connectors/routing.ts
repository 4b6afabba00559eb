import { errorMode } from '../blocks/ottl.ts';
import { listOf, settings, text } from '../shape.ts';

/** Settings of the routing connector. */
export const routingConnector = settings(
  {
    default_pipelines: listOf(text),
    error_mode: errorMode,
    table: listOf(settings({ condition: text, context: text, pipelines: listOf(text), statement: text })),
  },
  { required: ['table'] },
);
