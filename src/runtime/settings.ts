/** One setting: its key in `muster.yaml`, from which the environment name follows, and how it is given on the command line. */
export interface Setting {
  /** Dotted key in `muster.yaml`. */
  readonly key: string;
  /** Name in the environment, where it is not `MUSTER_` and the key in capitals. */
  readonly env?: string;
  /** Flag of `muster serve`, without dashes, if there is one. */
  readonly flag?: string;
  readonly type: 'string' | 'number' | 'boolean' | 'duration' | 'address' | 'choice';
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  /** Secrets come only from the environment or a file (`<NAME>_FILE`); of a URL only the password is one. */
  readonly secret?: true | 'password';
  readonly description: string;
}

/** Every setting of `muster serve`, in the order of its help. */
export const settings = [
  { key: 'repo', flag: 'repo', type: 'string', description: 'fleet repo: a URL (https, ssh) or a folder' },
  { key: 'branch', flag: 'branch', type: 'string', default: 'main', description: 'branch or tag to follow' },
  {
    key: 'path',
    flag: 'path',
    type: 'string',
    default: '.',
    description: 'folder of the repo that holds the fleet',
  },
  {
    key: 'poll',
    flag: 'poll',
    type: 'duration',
    default: '30s',
    description: 'how often the repo is asked for news',
  },
  {
    key: 'opamp',
    env: 'MUSTER_OPAMP',
    flag: 'opamp',
    type: 'address',
    default: '0.0.0.0:4320',
    description: 'address of the OpAMP endpoint',
  },
  {
    key: 'http',
    env: 'MUSTER_HTTP',
    flag: 'http',
    type: 'address',
    default: '127.0.0.1:8080',
    description: 'address of API, probes and metrics',
  },
  {
    key: 'dataDir',
    flag: 'data-dir',
    type: 'string',
    default: '.muster',
    description: 'folder for the store and the clone',
  },
  {
    key: 'store',
    flag: 'store',
    type: 'string',
    secret: 'password',
    description: 'postgres:// URL of a store on PostgreSQL (the default is embedded, in the data folder)',
  },
  {
    key: 'workers',
    flag: 'workers',
    type: 'number',
    default: 1,
    description: 'processes that hold agents\u2019 sockets; from 2 on they are beside the one that decides',
  },
  {
    key: 'peer',
    env: 'MUSTER_PEER',
    flag: 'peer',
    type: 'address',
    default: '0.0.0.0:4322',
    description: 'address at which replicas on one PostgreSQL reach each other',
  },
  {
    key: 'peer.advertise',
    type: 'string',
    description: 'host:port by which other replicas reach this one, where that is another address',
  },
  {
    key: 'logLevel',
    flag: 'log-level',
    type: 'choice',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    description: 'least level that is logged',
  },
  {
    key: 'instance',
    flag: 'instance',
    type: 'string',
    description: 'name that keeps the statuses of several servers on one repo apart',
  },
  {
    key: 'publicUrl',
    flag: 'public-url',
    type: 'string',
    description: 'address that commit statuses link to',
  },
  { key: 'git.username', type: 'string', description: 'user for the Git remote' },
  { key: 'git.password', type: 'string', secret: true, description: 'password or token for the Git remote' },
  {
    key: 'git.transport',
    type: 'choice',
    choices: ['auto', 'builtin', 'system'],
    default: 'auto',
    description: 'built-in Git, or the installed one (needed for ssh)',
  },
  {
    key: 'git.timeout',
    type: 'duration',
    default: '60s',
    description: 'limit for one exchange with the Git remote',
  },
  {
    key: 'git.verify.mode',
    type: 'choice',
    choices: ['off', 'head', 'all'],
    default: 'off',
    description: 'take up only commits with a trusted ssh or OpenPGP signature: the newest, or every one',
  },
  { key: 'git.verify.keysFile', type: 'string', description: 'allowed ssh signers and armored OpenPGP keys' },
  {
    key: 'status.host',
    type: 'choice',
    choices: ['auto', 'github', 'gitlab', 'gitea', 'bitbucket', 'bitbucket-server', 'azure', 'none'],
    default: 'auto',
    description: 'kind of Git host; guessed from the remote',
  },
  { key: 'status.apiUrl', type: 'string', description: 'base of the Git host\u2019s API' },
  { key: 'status.repo', type: 'string', description: 'owner and name at the Git host' },
  { key: 'status.token', type: 'string', secret: true, description: 'token that may write commit statuses' },
  { key: 'status.appId', type: 'string', description: 'GitHub App id, instead of a token' },
  { key: 'status.appKey', type: 'string', secret: true, description: 'private key of the GitHub App (PEM)' },
  {
    key: 'status.notes',
    type: 'choice',
    choices: ['auto', 'on', 'off'],
    default: 'auto',
    description: 'git notes with the fleet report; auto: where no host reporter is configured',
  },
  {
    key: 'webhook.secret',
    type: 'string',
    secret: true,
    description: 'what the Git host signs its webhooks with; while it is changed, both, comma-separated',
  },
  {
    key: 'api.tokens',
    type: 'string',
    secret: true,
    description: 'API tokens, as role:tenant:token, comma-separated',
  },
  {
    key: 'oidc.issuer',
    type: 'string',
    description: 'OpenID provider at which people sign in to the page; needs publicUrl',
  },
  { key: 'oidc.clientId', type: 'string', description: 'what the provider calls Muster' },
  {
    key: 'oidc.clientSecret',
    type: 'string',
    secret: true,
    description: 'its secret there; a public client has none',
  },
  {
    key: 'oidc.roles',
    type: 'string',
    description: 'who may do what, as role:tenant:claim=glob, comma-separated; the first that matches counts',
  },
  {
    key: 'oidc.scopes',
    type: 'string',
    default: 'openid profile email',
    description: 'what the provider is asked for',
  },
  {
    key: 'oidc.nameClaim',
    type: 'string',
    default: 'email',
    description: 'claim that names people in the event history; sub where there is none',
  },
  {
    key: 'oidc.label',
    type: 'string',
    default: 'single sign-on',
    description: 'what the button on the page calls the provider',
  },
  {
    key: 'opamp.maxMessageBytes',
    env: 'MUSTER_MAX_MESSAGE_BYTES',
    type: 'number',
    default: 67_108_864,
    description: 'limit of one OpAMP message, inflated',
  },
  {
    key: 'opamp.allowAnonymous',
    type: 'boolean',
    default: false,
    description: 'admit agents without a credential, off loopback too',
  },
  {
    key: 'opamp.liveness',
    type: 'duration',
    default: '90s',
    description: 'silence after which an agent is not connected',
  },
  {
    key: 'opamp.publicUrl',
    type: 'string',
    description: 'address by which agents reach this server, for connection settings and packages',
  },
  { key: 'packages.dir', type: 'string', description: 'folder of packages that the server hosts for agents' },
  {
    key: 'serverKey',
    type: 'string',
    secret: true,
    description:
      'at least 32 random characters, the same on every replica; made in the data folder without it',
  },
  { key: 'opamp.tls.certFile', type: 'string', description: 'certificate of the OpAMP listener' },
  { key: 'opamp.tls.keyFile', type: 'string', description: 'its key' },
  { key: 'opamp.tls.clientCaFile', type: 'string', description: 'CA of client certificates' },
  { key: 'http.tls.certFile', type: 'string', description: 'certificate of the API listener' },
  { key: 'http.tls.keyFile', type: 'string', description: 'its key' },
  { key: 'http.tls.clientCaFile', type: 'string', description: 'CA of client certificates' },
  {
    key: 'ca.certFile',
    type: 'string',
    description:
      'certificate of the authority that signs agents\u2019 certificates; without it one is made in the data folder',
  },
  { key: 'ca.key', type: 'string', secret: true, description: 'its key (PEM)' },
  {
    key: 'ca.passphrase',
    type: 'string',
    secret: true,
    description: 'passphrase of the authority\u2019s key',
  },
  {
    key: 'ca.previousFiles',
    type: 'string',
    description: 'certificates of earlier authorities, comma-separated: what they signed still counts',
  },
  {
    key: 'jwt.issuers',
    type: 'string',
    description:
      'JWT issuers that may have private addresses: issuer;keys=url;ca=file;token=file, comma-separated',
  },
  {
    key: 'connections.secretsDir',
    type: 'string',
    description: 'folder whose files Connections at the root may use as ${file:\u2026}',
  },
  {
    key: 'connections.allow',
    type: 'string',
    description:
      'what tenants\u2019 Connections may use: tenant:env:NAME or tenant:file:/path with globs, comma-separated',
  },
  {
    key: 'secrets.keysDir',
    type: 'string',
    description: 'folder with the age key of each tenant that has secrets, as <tenant>.txt',
  },
  {
    key: 'notify.slack.url',
    type: 'string',
    secret: true,
    description: 'incoming webhooks of Slack that are told of failures, comma-separated',
  },
  {
    key: 'notify.teams.url',
    type: 'string',
    secret: true,
    description: 'webhooks of Microsoft Teams workflows, comma-separated',
  },
  {
    key: 'notify.webhook.url',
    type: 'string',
    secret: true,
    description: 'receivers of signed webhooks, comma-separated',
  },
  {
    key: 'notify.webhook.secret',
    type: 'string',
    secret: true,
    description: 'what they are signed with: whsec_ and base64, or any 24 characters or more',
  },
  {
    key: 'notify.quiet',
    type: 'duration',
    default: '10m',
    description: 'repeats within this time are told together at its end',
  },
  {
    key: 'notify.allowPrivate',
    type: 'boolean',
    default: false,
    description: 'notify http: URLs and private addresses too',
  },
  { key: 'metrics.public', type: 'boolean', default: false, description: 'serve /metrics without a token' },
] as const satisfies readonly Setting[];

export type SettingKey = (typeof settings)[number]['key'];

/** Values by key; durations are milliseconds. */
export type SettingValues = { readonly [K in SettingKey]?: string | number | boolean };

/** The environment name of a setting: `git.verify` becomes `MUSTER_GIT_VERIFY`, `dataDir` becomes `MUSTER_DATA_DIR`. */
export function environmentName(setting: Setting): string {
  if (setting.env) return setting.env;
  const words = setting.key.replace(/([a-z])([A-Z])/g, '$1_$2').replace(/\./g, '_');
  return `MUSTER_${words.toUpperCase()}`;
}
