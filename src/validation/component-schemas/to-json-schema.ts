import type { JsonSchema } from '../schemas/schema.ts';
import type { SettingsShape, Shape } from './shape.ts';

/** Text that only the agent can tell the value of. */
const expansion = '\\$[{(]';

/** What Go’s `time.ParseDuration` reads. */
const goDuration = '[-+]?(0|((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)';

/**
 * The JSON Schema (draft 7) of a component: `definitions.settings` is what a fragment may hold, for editors, and the
 * document itself asks besides for what a whole component needs. Its type and `${…}` are always let through.
 */
export function componentJsonSchema(title: string, shape: SettingsShape): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    definitions: { settings: { title, ...toJsonSchema(shape) } },
    allOf: [{ $ref: '#/definitions/settings' }, ...needs(shape)],
  };
}

function toJsonSchema(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case 'any':
      return {};
    case 'bool':
      return { type: ['boolean', 'null', 'string'], pattern: expansion };
    case 'integer':
      return {
        type: ['number', 'null', 'string'],
        pattern: expansion,
        ...(shape.least === undefined ? {} : { minimum: shape.least }),
      };
    case 'number':
      return { type: ['number', 'null', 'string'], pattern: expansion };
    case 'text':
      return { type: ['string', 'null'] };
    case 'duration':
      return {
        $comment: 'duration',
        description: 'A duration with units, such as 200ms, 5s or 1h30m.',
        type: ['string', 'number', 'null'],
        pattern: `^${goDuration}$|${expansion}`,
      };
    case 'choice':
      return {
        anyOf: [
          { enum: [...shape.values, null] },
          { type: 'string', pattern: shape.anyCase ? anyCase(shape.values) : expansion },
        ],
      };
    case 'list':
      return {
        type: ['array', 'null', 'string'],
        ...textPattern(shape.item),
        items: toJsonSchema(shape.item),
      };
    case 'map':
      return {
        type: ['object', 'null', 'string'],
        pattern: expansion,
        additionalProperties: toJsonSchema(shape.value),
      };
    case 'either':
      return { anyOf: shape.shapes.map(toJsonSchema) };
    case 'dated':
      return { ...toJsonSchema(shape.shape), description: describeReleases(shape) };
    case 'settings':
      return {
        ...(shape.required.length > 0 ? { description: `Needs ${shape.required.join(', ')}.` } : {}),
        type: ['object', 'null', 'string'],
        pattern: expansion,
        properties: Object.fromEntries(
          Object.entries(shape.fields).map(([name, field]) => [name, toJsonSchema(field)]),
        ),
        ...(shape.isOpen ? {} : { additionalProperties: false }),
      };
  }
}

/** The collector makes a list from text with commas where the items can be text; an empty text is an empty list. */
function textPattern(item: Shape): JsonSchema {
  switch (item.kind) {
    case 'any':
    case 'text':
    case 'choice':
    case 'either':
      return {};
    case 'duration':
      return { pattern: `^(${goDuration}(,${goDuration})*)?$|${expansion}` };
    default:
      return { pattern: `^$|${expansion}` };
  }
}

function anyCase(values: readonly string[]): string {
  const words = values.map((value) =>
    [...value].map((letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`).join(''),
  );
  return `^(${words.join('|')})$|${expansion}`;
}

function describeReleases({ since, until, instead }: Extract<Shape, { kind: 'dated' }>): string {
  if (until === undefined) return `Since 0.${since}.`;
  return `Gone since 0.${until}.${instead === undefined ? '' : ` Use ${instead}.`}`;
}

/** What a whole component asks for at its top; settings that are blocks count as soon as they are written. */
function needs(shape: SettingsShape): readonly JsonSchema[] {
  if (shape.required.length === 0 && shape.groups.length === 0) return [];
  const groups = shape.groups.filter(({ count }) => count !== 'at most one');
  return [
    {
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: {
        ...(shape.required.length > 0 ? { required: shape.required } : {}),
        ...(groups.length > 0
          ? { allOf: groups.map(({ names }) => ({ anyOf: names.map((name) => ({ required: [name] })) })) }
          : {}),
      },
    },
  ];
}
