import {
  dateDefinition,
  limitsDefinition,
  policyDefinition,
  selectorDefinition,
  varsDefinition,
} from './definitions.ts';
import { closedObject, createKindSchema, type JsonSchema, stringList } from './schema.ts';

const tenantGrant = closedObject('What tenants whose name matches may do.', {
  limits: { $ref: '#/definitions/limits' },
  policy: { $ref: '#/definitions/policy' },
  kinds: {
    description:
      'Kinds that these tenants may use in their own folders. A Package runs code on hosts, a Connection moves agents to another server.',
    type: 'array',
    items: { enum: ['Package', 'Connection'] },
  },
});

const labelRule = closedObject(
  'Agents that match get these labels, before any AgentConfig is looked at.',
  {
    selector: { $ref: '#/definitions/selector' },
    set: {
      description: 'Labels to set; every key starts with fleet.',
      type: 'object',
      propertyNames: {
        description: 'labels of the server start with fleet.',
        pattern: '^fleet\\.[A-Za-z0-9_.\\-/]{1,120}$',
      },
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
  },
  ['selector', 'set'],
);

const properties: JsonSchema = {
  vars: { $ref: '#/definitions/vars' },
  sharedPaths: stringList('Folders outside tenants/ whose files every tenant may name in its configs.'),
  agentVars: stringList('Agent attributes that bodies may use as $(agent.<attribute>).', {
    pattern: '^[A-Za-z_][A-Za-z0-9_.\\-/]{0,126}$',
  }),
  rules: {
    description: 'Severity of lint rules by code (docs/rules.md).',
    type: 'object',
    propertyNames: { description: 'codes are OC and three digits', pattern: '^OC[0-9]{3}$' },
    additionalProperties: { enum: ['error', 'warning', 'info', 'off'] },
  },
  labels: {
    description: 'Labels that the server sets on agents.',
    type: 'array',
    maxItems: 200,
    items: labelRule,
  },
  defaults: stringList(
    'Paths or globs of AgentConfigs that apply inside every tenant, with priority -100 unless they set one.',
  ),
  guard: closedObject(
    'A commit that takes the config from more than this many agents of a tenant waits for approval. Both numbers must be passed.',
    {
      percent: {
        description: 'Of the tenant’s agents. Default 20.',
        type: 'number',
        minimum: 0,
        maximum: 100,
      },
      agents: { description: 'Default 3.', type: 'integer', minimum: 0 },
    },
  ),
  approve: stringList(
    'Commits that the guard lets go: prefixes of 7 or more hex digits. <prefix>/<step> approves a rollout step.',
    {
      pattern: '^[0-9a-f]{7,64}(/[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?$',
    },
  ),
  freeze: {
    description: 'Times without new offers in the whole fleet.',
    type: 'array',
    items: closedObject(
      'One freeze.',
      {
        from: { $ref: '#/definitions/date' },
        to: { $ref: '#/definitions/date' },
        reason: { description: 'Shown to whoever waits.', type: 'string', minLength: 1 },
      },
      ['from', 'to', 'reason'],
    ),
  },
  revertPullRequest: {
    description: 'Open a pull request that reverts a commit whose rollout failed.',
    type: 'boolean',
  },
  tenants: {
    description:
      'What tenants may do, by glob of their names. Every matching entry applies; the narrowest limit wins.',
    type: 'object',
    additionalProperties: tenantGrant,
  },
};

/** Schema of `/fleet.yaml`. */
export const fleetSchema: JsonSchema = createKindSchema(
  'Fleet',
  'Repo-wide settings, in /fleet.yaml only. Everything is optional.',
  properties,
  {
    definitions: {
      vars: varsDefinition,
      selector: selectorDefinition,
      limits: limitsDefinition,
      policy: policyDefinition,
      date: dateDefinition,
    },
  },
);
