import { headers } from '../blocks/net.ts';
import {
  any,
  bool,
  duration,
  type Fields,
  float,
  int,
  listOf,
  mapOf,
  openSettings,
  type SettingsShape,
  type Shape,
  settings,
  text,
} from '../shape.ts';
import { resolveReference } from './resolve-reference.ts';

/** A parsed `config.schema.yaml`, or part of one. */
export type UpstreamSchema = Readonly<Record<string, unknown>>;

/** The schema of a Go package, or undefined where the distribution ships none. */
export type FindSchema = (importPath: string) => UpstreamSchema | undefined;

/** Deeper settings are left open: schemas may refer to themselves. */
const maxDepth = 16;

interface Place {
  readonly package: string;
  readonly root: UpstreamSchema;
  readonly depth: number;
  readonly find: FindSchema;
}

/**
 * The shape of a component’s settings from the schema that its distribution generates for it. What cannot be resolved is
 * open. The schemas name fields and types, but neither what is required nor every form a value may have.
 */
export function readUpstreamSchema(importPath: string, find: FindSchema): SettingsShape | undefined {
  const root = find(importPath);
  if (!root) return undefined;
  const shape = readShape(root, { package: importPath, root, depth: 0, find });
  return shape.kind === 'settings' ? shape : undefined;
}

function readShape(schema: UpstreamSchema, place: Place): Shape {
  if (place.depth > maxDepth) return any;
  const shape = typeof schema.$ref === 'string' ? follow(schema.$ref, place) : readForm(schema, place);
  // A block that is there only when it is written can be switched off.
  if (schema['x-optional'] !== true || shape.kind !== 'settings') return shape;
  return { ...shape, fields: { enabled: bool, ...shape.fields } };
}

function follow(reference: string, place: Place): Shape {
  // Written as a list of pairs, or as a map, which the schema does not say.
  if (reference.endsWith('configopaque.map_list')) return headers;
  const target = resolveReference(reference, place.package, (path) => place.find(path) !== undefined);
  const root = target.package === place.package ? place.root : place.find(target.package);
  const definitions = (root?.$defs ?? {}) as Readonly<Record<string, UpstreamSchema>>;
  const schema = target.definition === '' ? root : definitions[target.definition];
  if (!root || !schema) return any;
  return readShape(schema, { ...place, package: target.package, root, depth: place.depth + 1 });
}

function readForm(schema: UpstreamSchema, place: Place): Shape {
  if (schema.format === 'duration' || schema['x-customType'] === 'time.Duration') return duration;
  // A type of its own reads its value itself; `uint32` and the like are none.
  const custom = schema['x-customType'];
  if (typeof custom === 'string' && custom.includes('.') && schema.type !== 'string') return any;
  switch (schema.type) {
    case 'string':
      return text;
    case 'integer':
      return int;
    case 'number':
      return float;
    case 'boolean':
      return bool;
    case 'array':
      return listOf(isSchema(schema.items) ? readShape(schema.items, deeper(place)) : any);
    case 'object':
      return readObject(schema, place);
    default:
      return schema.allOf === undefined && schema.properties === undefined ? any : readObject(schema, place);
  }
}

function readObject(schema: UpstreamSchema, place: Place): Shape {
  const own = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isSchema) : [];
  if (own.length === 0 && parts.length === 0) {
    return isSchema(schema.additionalProperties)
      ? mapOf(readShape(schema.additionalProperties, deeper(place)))
      : any;
  }
  const embedded = parts.map((part) => readShape(part, deeper(place)));
  const inherited = embedded.flatMap((part) => (part.kind === 'settings' ? Object.entries(part.fields) : []));
  const fields: Fields = Object.fromEntries([
    ...inherited,
    ...own.map(([name, field]) => [name, isSchema(field) ? readShape(field, deeper(place)) : any] as const),
  ]);
  const isOpen = embedded.some((part) => part.kind !== 'settings' || part.isOpen);
  return isOpen || schema.additionalProperties !== undefined ? openSettings(fields) : settings(fields);
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

function isSchema(value: unknown): value is UpstreamSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
