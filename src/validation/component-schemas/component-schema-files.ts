import { type ComponentKind, sections } from '../../agent-types/index.ts';
import type { JsonSchema } from '../schemas/schema.ts';
import { componentShapes } from './component-shapes.ts';
import { componentJsonSchema } from './to-json-schema.ts';

/** Makes the JSON Schema of every component that is known, by the name of its file: `exporter-otlp_grpc.json`. */
export function composeComponentSchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map(
    (Object.keys(sections) as readonly ComponentKind[]).flatMap((kind) =>
      Object.entries(componentShapes[kind]).map(
        ([type, shape]) => [`${kind}-${type}.json`, componentJsonSchema(`${type} ${kind}`, shape)] as const,
      ),
    ),
  );
}
