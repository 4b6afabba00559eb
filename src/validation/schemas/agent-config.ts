import {
  configDefinition,
  dateDefinition,
  namePattern,
  selectorDefinition,
  varsDefinition,
} from './definitions.ts';
import { closedObject, createKindSchema, type JsonSchema, stringList } from './schema.ts';

const overlay = closedObject(
  'A conditional layer on top of config.',
  {
    name: {
      description: 'Names the overlay in provenance and problems.',
      type: 'string',
      pattern: namePattern,
    },
    when: { $ref: '#/definitions/selector' },
    config: { $ref: '#/definitions/config' },
    lists: {
      description:
        'append adds to service.extensions and to receivers and exporters of pipelines instead of replacing them; other lists are always replaced.',
      enum: ['replace', 'append'],
    },
    remove: stringList(
      'What to delete, in the collector’s own path form: exporters::otlp_http::sending_queue.',
    ),
    vars: { $ref: '#/definitions/vars' },
    expires: { $ref: '#/definitions/date' },
  },
  ['name', 'when'],
);

const requires = closedObject('What an agent must have; one that lacks it is held, with the reason.', {
  version: {
    description: 'A semver range on service.version, such as ">=0.144 <0.160".',
    type: 'string',
    minLength: 1,
  },
  components: stringList('Components as kind/type: receiver/file_log.', {
    pattern: '^(receiver|processor|exporter|connector|extension)/[A-Za-z][0-9A-Za-z_]*$',
  }),
  featureGates: stringList('Feature gates that the agents run with. Declares only.'),
  env: stringList('Environment variables that the agents have. Declares only.', {
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  }),
});

const files: JsonSchema = {
  description: 'Named entries of the config map, for agent types that take more than one.',
  type: 'object',
  minProperties: 1,
  additionalProperties: {
    type: ['string', 'array', 'object'],
    minLength: 1,
    minItems: 1,
    items: { type: 'string', minLength: 1 },
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: {
        description: 'The file, or files that are merged in order.',
        type: ['string', 'array'],
        minLength: 1,
        minItems: 1,
        items: { type: 'string', minLength: 1 },
      },
      contentType: { description: 'Its media type, such as text/yaml.', type: 'string', minLength: 1 },
    },
  },
};

/** Schema of an AgentConfig. */
export const agentConfigSchema: JsonSchema = createKindSchema(
  'AgentConfig',
  'Which agents get which config. The body stays a plain collector file.',
  {
    name: {
      description: 'Default: the file’s name without its ending.',
      type: 'string',
      pattern: namePattern,
    },
    type: {
      description: 'How bodies are parsed, merged and compared. Default otelcol.',
      enum: ['otelcol', 'otelcol-cr', 'edot-sdk', 'raw'],
    },
    selector: { $ref: '#/definitions/selector' },
    priority: {
      description:
        'Where several AgentConfigs match an agent, the highest owns it; equal ones are a conflict. Default 0.',
      type: 'integer',
      minimum: -1_000_000,
      maximum: 1_000_000,
    },
    config: { $ref: '#/definitions/config' },
    files,
    overlays: {
      description: 'Conditional layers, top to bottom; later ones win.',
      type: 'array',
      maxItems: 50,
      items: overlay,
    },
    vars: { $ref: '#/definitions/vars' },
    requires,
    rollout: {
      description: 'A Rollout by name, or immediate for all agents at once.',
      type: 'string',
      pattern: namePattern,
    },
    after: stringList('AgentConfigs of this tenant that must have converged first.', {
      pattern: namePattern,
    }),
    delete: stringList('Collector resources to delete, as namespace/name (otelcol-cr only).', {
      pattern: '^[a-z0-9.-]+/[a-z0-9.-]+$',
    }),
    paused: { description: 'true: nothing new is offered.', type: 'boolean' },
    attempt: {
      description: 'Part of the hash: raise it to try the same config again.',
      type: 'integer',
      minimum: 0,
    },
  },
  {
    required: ['selector'],
    definitions: {
      selector: selectorDefinition,
      config: configDefinition,
      vars: varsDefinition,
      date: dateDefinition,
    },
  },
);
