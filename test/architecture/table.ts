const pure = ['selectors', 'manifests', 'agent-types', 'desired-state', 'validation', 'rollout'] as const;

/** Folders that compute only: no I/O, clock, randomness, environment or log. */
export const pureFolders: readonly string[] = ['model', ...pure];

/** Which folders of `src/` a folder may import besides itself; `any` for the composition roots. */
export const importTable: Readonly<Record<string, readonly string[] | 'any'>> = {
  model: [],
  selectors: ['model'],
  manifests: ['model', 'selectors'],
  'agent-types': ['model', 'selectors', 'manifests'],
  'desired-state': ['model', 'selectors', 'manifests', 'agent-types'],
  validation: ['model', 'selectors', 'manifests', 'agent-types', 'desired-state'],
  rollout: ['model', 'selectors'],
  fleet: ['model', 'selectors'],
  runtime: ['model', 'manifests'],
  reconciler: ['model', ...pure, 'fleet', 'runtime'],
  'http-api': ['model', ...pure, 'fleet', 'runtime'],
  credentials: ['model', 'selectors', 'manifests', 'runtime'],
  'git-source': ['model', 'selectors', 'runtime'],
  'opamp-server': ['model', 'selectors', 'runtime'],
  'commit-status': ['model', 'selectors', 'runtime'],
  notifications: ['model', 'selectors', 'runtime'],
  store: ['model', 'selectors', 'runtime'],
  peers: ['model', 'runtime'],
  simulator: ['model', 'runtime', 'opamp-server'],
  workers: 'any',
  cli: 'any',
  app: 'any',
  main: 'any',
};

/** The one folder that may import each third-party package. */
export const packageHomes: Readonly<Record<string, string>> = {
  minimatch: 'selectors',
  semver: 'selectors',
  yaml: 'manifests',
  diff: 'desired-state',
  ajv: 'validation',
  'isomorphic-git': 'git-source',
  ws: 'opamp-server',
  protobufjs: 'opamp-server',
  jose: 'credentials',
  '@peculiar/x509': 'credentials',
  'age-encryption': 'credentials',
  'universal-github-app-jwt': 'commit-status',
  kysely: 'store',
  libsql: 'store',
  pg: 'store',
  hono: 'http-api',
  '@hono/node-server': 'http-api',
  'prom-client': 'http-api',
  pino: 'runtime',
  'node-cron': 'runtime',
  '@opentelemetry/api': 'runtime',
  '@opentelemetry/api-logs': 'runtime',
  '@opentelemetry/exporter-logs-otlp-proto': 'runtime',
  '@opentelemetry/exporter-metrics-otlp-proto': 'runtime',
  '@opentelemetry/exporter-trace-otlp-proto': 'runtime',
  '@opentelemetry/resources': 'runtime',
  '@opentelemetry/sdk-logs': 'runtime',
  '@opentelemetry/sdk-metrics': 'runtime',
  '@opentelemetry/sdk-trace-base': 'runtime',
  commander: 'cli',
};

/** What the simulator may take through the door of `opamp-server`: its client side, and nothing of the server. */
export const clientDoor: readonly string[] = [
  'AgentMessage',
  'ReceivedConfig',
  'ReceivedError',
  'ServerMessage',
  'addMessageHeader',
  'createUuidV7',
  'decodeServerToAgent',
  'encodeAgentToServer',
  'removeMessageHeader',
];

/** Names that say nothing about what is inside. */
export const vagueFolders: readonly string[] = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'shared',
  'misc',
  'lib',
];

/** What pure code must not touch, and what to do instead. */
export const impurities: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)/, 'take `now` as an argument'],
  [
    /\bMath\.random\b|\brandom(?:UUID|Bytes|Int|FillSync)\b|\bgetRandomValues\b/,
    'take `random` as an argument',
  ],
  [/\bperformance\s*\./, 'take `now` as an argument'],
  [/\bprocess\s*[.[]/, 'take the value as an argument'],
  [/\bconsole\s*\./, 'return a Problem or throw a MusterError'],
  [/(?<![.\w])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/, 'leave timing to the caller'],
  [/(?<![.\w])fetch\s*\(/, 'take the bytes as an argument'],
  [/\bglobalThis\b/, 'take it as an argument'],
];
