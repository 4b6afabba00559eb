import { closedObject, type JsonSchema, stringList } from './schema.ts';

/** Names of tenants and objects (fleet-repo.md, "Kinds"). */
export const namePattern = '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$';

const labelKey = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_.\\-/]{0,126}$' };

/** A Kubernetes-style label selector over what agents report and what the server sets. */
export const selectorDefinition: JsonSchema = {
  description:
    'Which agents: all parts must hold. Keys are OpenTelemetry attributes that agents report (service.name, host.name, os.type, …) or labels the server sets (fleet.*). {} is every agent of the tenant.',
  type: 'object',
  additionalProperties: false,
  properties: {
    matchLabels: {
      description: 'Each label must be present with exactly this value.',
      type: 'object',
      propertyNames: labelKey,
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
    matchExpressions: {
      description: 'Conditions; all must hold.',
      type: 'array',
      items: closedObject(
        'One condition.',
        {
          key: { description: 'The label it looks at.', ...labelKey },
          operator: {
            description:
              'An absent label makes In, Exists, Glob and Version false and NotIn, DoesNotExist and NotGlob true. Glob knows *, ? and [a-z] over the whole value. Version takes semver ranges.',
            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Glob', 'NotGlob', 'Version'],
          },
          values: {
            description: 'Any of these; left out for Exists and DoesNotExist.',
            type: 'array',
            items: { type: ['string', 'number', 'boolean'] },
          },
        },
        ['key', 'operator'],
      ),
    },
  },
};

/** Variables: `$(vars.name)` in values of bodies. */
export const varsDefinition: JsonSchema = {
  description:
    'Values for $(vars.<name>) in bodies; later levels win: Fleet, Tenant, AgentConfig, overlay. A number or bool stays one where it is the whole value.',
  type: 'object',
  propertyNames: {
    description: 'up to 64 letters, digits, _ and -, no digit or - first',
    pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$',
  },
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

/** What a tenant may use. */
export const limitsDefinition: JsonSchema = closedObject(
  'Upper bounds. A tenant’s own file can only narrow what the Fleet grants.',
  {
    maxAgents: { description: 'Agents connected at the same time.', type: 'integer', minimum: 0 },
    maxConfigBytes: { description: 'Bytes of one rendered config.', type: 'integer', minimum: 1 },
    maxFiles: { description: 'Files in the tenant’s folder.', type: 'integer', minimum: 1 },
  },
);

const globs = { maxItems: 1000 };

/** What a tenant’s configs may contain. */
export const policyDefinition: JsonSchema = closedObject(
  'What rendered configs may contain. A tenant’s own policy narrows what the Fleet’s allow; every one must hold.',
  {
    components: closedObject('Components by kind/type globs, such as exporter/otlp_http.', {
      allow: { ...stringList('Only these.'), ...globs },
      deny: { ...stringList('None of these; wins over allow.'), ...globs },
    }),
    endpoints: {
      ...stringList(
        'Globs of destinations: one must match each endpoint of exporters, extensions and the collector’s own telemetry. host, host:port or scheme://host:port/path; without a port or path any will do.',
      ),
      ...globs,
    },
    require: {
      ...stringList(
        'Components that must be used: a processor in every pipeline, others anywhere in the config.',
        { pattern: '^(receiver|processor|exporter|connector|extension)/[A-Za-z][0-9A-Za-z_]*$' },
      ),
      ...globs,
    },
    allowExpansions: {
      description: 'true: fields that this policy judges may hold ${…}, which only the agent can resolve.',
      type: 'boolean',
    },
    jwtIssuers: { ...stringList('Issuers that jwt enrollment may name.'), ...globs },
    certificateIssuers: {
      ...stringList(
        'SHA-256 fingerprints of certificate authorities that certificate enrollment may name, in hex.',
        { pattern: '^[0-9a-fA-F]{64}$' },
      ),
      ...globs,
    },
  },
);

/** A duration with a unit: `30s`, `5m`, `1h30m`. */
export const durationDefinition: JsonSchema = {
  description: 'A duration with units, such as 30s, 5m or 1h30m; 0 is allowed.',
  type: ['string', 'integer'],
  pattern: '^(0|([0-9]+(ms|s|m|h|d))+)$',
  minimum: 0,
  maximum: 0,
};

/** A day (`2026-12-01`, from 00:00 UTC) or an RFC 3339 time. */
export const dateDefinition: JsonSchema = {
  description: 'A day (2026-12-01, meaning 00:00 UTC) or a time (2026-12-01T08:00:00Z).',
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|z|[+-][0-9]{2}:[0-9]{2}))?$',
};

/** Body sources of one merge: a path, a list of paths, or an inline map. */
export const configDefinition: JsonSchema = {
  description:
    'The body: a path, a list of paths (later ones win, maps merge deeply, lists are replaced), or the config itself as a map. Paths are relative to this file; a leading / is the repo’s root.',
  type: ['string', 'array', 'object'],
  minLength: 1,
  minItems: 1,
  items: { type: ['string', 'object'], minLength: 1 },
};
