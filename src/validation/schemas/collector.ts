import { type ComponentKind, componentAliases } from '../../agent-types/index.ts';
import { componentShapes } from '../component-schemas/index.ts';
import { closedObject, type JsonSchema } from './schema.ts';

const componentId = {
  pattern: '^[a-zA-Z][0-9a-zA-Z_]{0,62}(/\\S(.*\\S)?)?$',
};

const expansion = { type: 'string', pattern: '\\$' };

/** A section whose components are checked by type, where the type is known; others may hold anything. */
function componentSection(kind: ComponentKind, description: string, extra: KnownTypes): JsonSchema {
  const types = new Set([...Object.keys(componentShapes[kind]), ...(extra[kind] ?? [])]);
  const known = [...types].flatMap((type) => {
    const aliases = Object.entries(componentAliases[kind]).filter(([, name]) => name === type);
    return [type, ...aliases.map(([alias]) => alias)].map((name) => [name, type] as const);
  });
  const folderOf = (type: string) => (extra[kind]?.includes(type) ? 'imported' : 'components');
  const reference = (type: string) => ({
    $ref: `${folderOf(type)}/${kind}-${type}.json#/definitions/settings`,
  });
  const properties = Object.fromEntries(known.map(([name, type]) => [name, reference(type)]));
  const patternProperties = Object.fromEntries(known.map(([name, type]) => [`^${name}/`, reference(type)]));
  return {
    description: `${description} Keys are type or type/name; {} takes a component’s defaults.`,
    type: ['object', 'null', 'string'],
    pattern: '\\$',
    propertyNames: componentId,
    properties,
    patternProperties,
  };
}

function idList(description: string): JsonSchema {
  return {
    description,
    anyOf: [{ type: 'array', items: { type: 'string', minLength: 1 } }, { type: 'null' }, expansion],
  };
}

const pipeline: JsonSchema = {
  anyOf: [
    closedObject('Receivers feed processors, in order, which feed exporters.', {
      receivers: idList('Receivers, or connectors that end here.'),
      processors: idList('Processors, first to last.'),
      exporters: idList('Exporters, or connectors that lead on.'),
    }),
    expansion,
  ],
};

const service: JsonSchema = {
  anyOf: [
    closedObject('What runs.', {
      telemetry: { description: 'The collector’s telemetry about itself.' },
      extensions: idList('Extensions that are started.'),
      pipelines: {
        description: 'Pipelines by signal, each with an optional name: traces, metrics/hosts, logs.',
        anyOf: [
          {
            type: 'object',
            additionalProperties: false,
            patternProperties: { '^(traces|metrics|logs|profiles)(/.+)?$': pipeline },
          },
          expansion,
        ],
      },
    }),
    expansion,
  ],
};

/** Types of components by kind. */
type KnownTypes = Partial<Readonly<Record<ComponentKind, readonly string[]>>>;

/** The structure of a collector body, for editors, with schemas of these types besides ours; bodies may be fragments, so nothing is required. */
export function composeCollectorSchema(extra: KnownTypes): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'OpenTelemetry Collector config',
    description: 'A body of an AgentConfig of type otelcol, or a fragment of one.',
    type: 'object',
    additionalProperties: false,
    properties: {
      receivers: componentSection('receiver', 'Where telemetry comes from.', extra),
      processors: componentSection('processor', 'What happens to it on the way.', extra),
      exporters: componentSection('exporter', 'Where it goes.', extra),
      connectors: componentSection('connector', 'What joins pipelines.', extra),
      extensions: componentSection('extension', 'What runs beside the pipelines.', extra),
      service,
    },
  };
}

/** The structure of a collector body with the schemas that come with Muster. */
export const collectorSchema: JsonSchema = composeCollectorSchema({});
