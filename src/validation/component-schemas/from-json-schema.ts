import type { JsonSchema } from '../schemas/schema.ts';
import {
  any,
  bool,
  duration,
  either,
  float,
  listOf,
  mapOf,
  type SettingsShape,
  type Shape,
  text,
} from './shape.ts';

/** The settings that a component’s JSON Schema describes, as `componentJsonSchema` writes it; undefined for other documents. */
export function settingsFromJsonSchema(document: unknown): SettingsShape | undefined {
  const definitions = isObject(document) ? document.definitions : undefined;
  const shape =
    isObject(definitions) && isObject(definitions.settings) ? readShape(definitions.settings, 0) : any;
  return shape.kind === 'settings' ? shape : undefined;
}

const maxDepth = 40;

function readShape(schema: JsonSchema, depth: number): Shape {
  if (depth > maxDepth) return any;
  const below = (inner: unknown) => (isObject(inner) ? readShape(inner, depth + 1) : any);
  if (schema.$comment === 'duration') return duration;
  if (Array.isArray(schema.anyOf)) return either(...schema.anyOf.map(below));
  const types = Array.isArray(schema.type) ? schema.type : [];
  if (types.includes('object')) return readObject(schema, below);
  if (types.includes('array')) return listOf(below(schema.items));
  if (types.includes('boolean')) return bool;
  if (types.includes('number')) return float;
  return types.includes('string') ? text : any;
}

function readObject(schema: JsonSchema, below: (inner: unknown) => Shape): Shape {
  if (!isObject(schema.properties)) return mapOf(below(schema.additionalProperties));
  const fields = Object.entries(schema.properties).map(([name, field]) => [name, below(field)] as const);
  return {
    kind: 'settings',
    fields: Object.fromEntries(fields),
    required: [],
    groups: [],
    isOpen: schema.additionalProperties !== false,
  };
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
