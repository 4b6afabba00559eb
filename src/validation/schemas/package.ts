import { namePattern, selectorDefinition } from './definitions.ts';
import { closedObject, createKindSchema, type JsonSchema } from './schema.ts';

const file: JsonSchema = {
  ...closedObject(
    'The download for one platform.',
    {
      os: { description: 'As agents report os.type: linux, windows, darwin.', type: 'string', minLength: 1 },
      arch: { description: 'As agents report host.arch: amd64, arm64.', type: 'string', minLength: 1 },
      url: { description: 'Where agents download it.', type: 'string', pattern: '^https://' },
      file: {
        description: 'A file that the server hosts: a path inside its packages.dir.',
        type: 'string',
        minLength: 1,
        maxLength: 1024,
      },
      sha256: { description: 'SHA-256 of the file, in hex.', type: 'string', pattern: '^[0-9a-fA-F]{64}$' },
      signature: {
        description: 'detached signature as the agent expects it, base64',
        type: 'string',
        minLength: 1,
        maxLength: 65536,
        pattern: '^[A-Za-z0-9+/]+={0,2}$',
      },
    },
    ['os', 'arch', 'sha256'],
  ),
  oneOf: [{ required: ['url'] }, { required: ['file'] }],
};

const offered = closedObject(
  'One package.',
  {
    type: { description: 'The agent itself, or an add-on. Default agent.', enum: ['agent', 'addon'] },
    version: {
      description: 'The version that agents should run.',
      type: 'string',
      minLength: 1,
      maxLength: 200,
    },
    files: {
      description: 'One per platform; agents of other platforms are offered nothing.',
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: file,
    },
  },
  ['version', 'files'],
);

/** Schema of a Package. */
export const packageSchema: JsonSchema = createKindSchema(
  'Package',
  'Agent versions on offer. It runs code on hosts, so tenants may use it only where the Fleet grants the kind.',
  {
    name: {
      description: 'Default: the file’s name without its ending.',
      type: 'string',
      pattern: namePattern,
    },
    selector: { $ref: '#/definitions/selector' },
    priority: { description: 'As in an AgentConfig.', type: 'integer' },
    rollout: { description: 'A Rollout by name, or immediate.', type: 'string', pattern: namePattern },
    packages: {
      description: 'Packages by name; the empty name is the agent itself.',
      type: 'object',
      minProperties: 1,
      maxProperties: 100,
      additionalProperties: offered,
    },
  },
  { required: ['selector', 'packages'], definitions: { selector: selectorDefinition } },
);
