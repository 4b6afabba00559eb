/** A JSON Schema (draft 7, which both ajv and the YAML language server read) as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const draft = 'http://json-schema.org/draft-07/schema#';

/** The schema document of one kind: closed against unknown keys, with the shared definitions that it refers to. */
export function createKindSchema(
  kind: string,
  description: string,
  properties: JsonSchema,
  options: { readonly required?: readonly string[]; readonly definitions?: JsonSchema } = {},
): JsonSchema {
  return {
    $schema: draft,
    title: kind,
    description,
    type: 'object',
    additionalProperties: false,
    required: ['kind', ...(options.required ?? [])],
    properties: {
      apiVersion: {
        const: 'muster/v1',
        description: 'Optional. A document with another apiVersion is not read by Muster.',
      },
      kind: { const: kind, description: `Says that this document is a ${kind}.` },
      ...properties,
    },
    ...(options.definitions ? { definitions: options.definitions } : {}),
  };
}

/** A closed object. */
export function closedObject(
  description: string,
  properties: JsonSchema,
  required: readonly string[] = [],
): JsonSchema {
  return {
    description,
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    properties,
  };
}

/** A list of non-empty strings. */
export function stringList(description: string, options: JsonSchema = {}): JsonSchema {
  return { description, type: 'array', items: { type: 'string', minLength: 1, ...options } };
}
