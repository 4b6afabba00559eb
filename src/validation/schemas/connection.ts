import { durationDefinition, namePattern, selectorDefinition } from './definitions.ts';
import { closedObject, createKindSchema, type JsonSchema, stringList } from './schema.ts';

const headers: JsonSchema = {
  description:
    'Header values come from the server’s environment or files: ${env:NAME} or ${file:/run/secrets/x}, with text around them; never literals.',
  type: 'object',
  maxProperties: 50,
  propertyNames: {
    description: 'a header’s name: letters, digits and -',
    pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$",
  },
  additionalProperties: {
    description: 'a value from the server, such as ${env:NAME} or Bearer ${file:/run/secrets/x}',
    type: 'string',
    maxLength: 1024,
    pattern:
      '^[^$\\u0000-\\u001f\\u007f]*(\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:/[^}\\u0000-\\u001f]+)\\}[^$\\u0000-\\u001f\\u007f]*)+$',
  },
};

const tlsVersion = { enum: ['1.2', '1.3'] };

const tls = closedObject('TLS settings.', {
  ca: {
    description: 'Certificate authorities: PEM text, or the path of a PEM file in this repo.',
    type: 'string',
    minLength: 1,
  },
  includeSystemCas: { description: 'true: beside the system’s authorities.', type: 'boolean' },
  insecureSkipVerify: { description: 'true: the server’s certificate is not verified.', type: 'boolean' },
  minVersion: { description: 'The lowest TLS version.', ...tlsVersion },
  maxVersion: { description: 'The highest TLS version.', ...tlsVersion },
  cipherSuites: stringList('Cipher suites by their IANA names.', { pattern: '^TLS_[A-Z0-9_]+$' }),
});

const proxy = closedObject(
  'Proxy for the connection.',
  { url: { description: 'http, https or socks5 URL.', type: 'string', minLength: 1 }, headers },
  ['url'],
);

function destination(endpoint: string, more: JsonSchema = {}): JsonSchema {
  return closedObject(
    'Where to send.',
    { endpoint: { description: endpoint, type: 'string', minLength: 1 }, headers, tls, proxy, ...more },
    ['endpoint'],
  );
}

const telemetry = destination('OTLP/HTTP URL with its path: https://telemetry.example.com/v1/metrics.');

const other: JsonSchema = {
  description: 'Other connections by name; what they mean is up to the agent.',
  type: 'object',
  maxProperties: 50,
  additionalProperties: destination('A URL, host:port or whatever the agent expects.', {
    settings: {
      description: 'Settings of the agent’s own.',
      type: 'object',
      maxProperties: 100,
      additionalProperties: { type: 'string' },
    },
  }),
};

/** Schema of a Connection. */
export const connectionSchema: JsonSchema = createKindSchema(
  'Connection',
  'Connection settings on offer. It can move agents to another server, so tenants may use it only where the Fleet grants the kind.',
  {
    name: {
      description: 'Default: the file’s name without its ending.',
      type: 'string',
      pattern: namePattern,
    },
    selector: { $ref: '#/definitions/selector' },
    priority: { description: 'As in an AgentConfig.', type: 'integer' },
    ownTelemetry: closedObject(
      'Where agents send telemetry about themselves: all three signals, since agents take them as the complete set.',
      { metrics: telemetry, traces: telemetry, logs: telemetry },
    ),
    opamp: closedObject('The connection to the OpAMP server.', {
      endpoint: {
        description: 'ws, wss, http or https URL; without it the one that agents use stays.',
        type: 'string',
        pattern: '^(wss?|https?)://',
      },
      headers,
      heartbeat: { description: 'Interval of heartbeats. Default 30s.', $ref: '#/definitions/duration' },
      tls,
      proxy,
      insist: {
        description: 'true: also for agents that are known to mishandle such an offer.',
        type: 'boolean',
      },
    }),
    other,
    certificate: closedObject('Client certificates that the server issues.', {
      lifetime: { description: 'From 1h to 366d. Default 30d.', $ref: '#/definitions/duration' },
      renewBefore: {
        description: 'Less than lifetime. Default a third of it.',
        $ref: '#/definitions/duration',
      },
    }),
  },
  { required: ['selector'], definitions: { selector: selectorDefinition, duration: durationDefinition } },
);
