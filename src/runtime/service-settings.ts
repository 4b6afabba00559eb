import { MusterError } from '../model/index.ts';
import type { LogLevel } from './logger.ts';
import { type NotifySettings, readNotify } from './notify-settings.ts';
import { type OidcSettings, readOidc } from './oidc-settings.ts';
import type { SettingKey, SettingValues } from './settings.ts';

/** Where a listener listens, and its PEM files where it speaks TLS. */
export interface ListenSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly clientCaFile?: string };
}

/** How to sign in to the Git host's API. */
export type StatusCredential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'github-app'; readonly appId: string; readonly privateKey: string };

/** The settings of `muster serve`, typed and grouped by who takes them. Durations are milliseconds. */
export interface ServiceSettings {
  readonly dataDir: string;
  /** URL of the store on PostgreSQL, with its password; without it the store is embedded. */
  readonly store?: string;
  readonly logLevel: LogLevel;
  /** Processes that hold agents' sockets; with one, that is the process that decides. */
  readonly workers: number;
  /** Where other replicas reach this one. */
  readonly peer: { readonly host: string; readonly port: number; readonly advertise?: string };
  readonly instance?: string;
  readonly publicUrl?: string;
  readonly pollMs: number;
  readonly git: {
    readonly repo: string;
    readonly ref: string;
    readonly path: string;
    readonly transport: 'auto' | 'builtin' | 'system';
    readonly timeoutMs: number;
    readonly credentials?: { readonly username: string; readonly password: string };
    readonly verify: { readonly mode: 'off' | 'head' | 'all'; readonly keysFile?: string };
  };
  readonly status: {
    /** Undefined: guessed from the remote. */
    readonly host?: 'github' | 'gitlab' | 'gitea' | 'bitbucket' | 'bitbucket-server' | 'azure' | 'none';
    readonly apiUrl?: string;
    readonly repo?: string;
    readonly credential?: StatusCredential;
    readonly notes: 'auto' | 'on' | 'off';
  };
  /** What webhooks are signed with; none: webhooks are refused. */
  readonly webhookSecrets: readonly string[];
  readonly opamp: ListenSettings & {
    readonly maxMessageBytes: number;
    readonly allowAnonymous: boolean;
    readonly livenessMs: number;
    /** The address by which agents reach this server. */
    readonly publicUrl?: string;
  };
  /** At least 32 characters; without it one is made in the data folder. */
  readonly serverKey?: string;
  /** The folder of packages that the server hosts. */
  readonly packagesDir?: string;
  /** The authority that signs agents' certificates. */
  readonly ca: {
    readonly source:
      | { readonly kind: 'dir'; readonly dir: string }
      | { readonly kind: 'given'; readonly certFile: string; readonly keyPem: string };
    readonly passphrase?: string;
    readonly previousFiles: readonly string[];
  };
  /** `jwt.issuers` as it is written. */
  readonly jwtIssuers: string;
  readonly connections: {
    readonly secretsDir?: string;
    /** `connections.allow` as it is written. */
    readonly allow: string;
  };
  /** The folder of tenants' age keys. */
  readonly secretsKeysDir?: string;
  readonly notify: NotifySettings;
  /** The provider at which people sign in to the page. */
  readonly oidc?: OidcSettings;
  readonly http: ListenSettings & { readonly tokens: string; readonly publicMetrics: boolean };
}

/** Groups loaded settings. Throws `SETTINGS_INVALID` where a repo is missing, or a value cannot be what it is for. */
export function readServiceSettings(values: SettingValues): ServiceSettings {
  const text = (key: SettingKey) => textOf(values, key);
  const [instance, publicUrl] = [checkInstance(text('instance')), text('publicUrl')];
  const [serverKey, packagesDir] = [text('serverKey'), text('packages.dir')];
  const secretsKeysDir = text('secrets.keysDir');
  const store = checkStore(text('store'));
  const oidc = readOidc(values);
  const opampUrl = checkOpampUrl(text('opamp.publicUrl'));
  return {
    dataDir: text('dataDir') ?? '.muster',
    ...(store !== undefined && { store }),
    logLevel: values.logLevel as LogLevel,
    workers: readWorkers(values),
    peer: readPeer(values),
    ...(instance !== undefined && { instance }),
    ...(publicUrl !== undefined && { publicUrl }),
    pollMs: Number(values.poll),
    git: readGit(values),
    status: readStatus(values),
    webhookSecrets: (text('webhook.secret') ?? '').split(',').filter((secret) => secret !== ''),
    opamp: {
      ...readListener(values, 'opamp'),
      maxMessageBytes: Number(values['opamp.maxMessageBytes']),
      allowAnonymous: values['opamp.allowAnonymous'] === true,
      livenessMs: Number(values['opamp.liveness']),
      ...(opampUrl !== undefined && { publicUrl: opampUrl }),
    },
    ...(serverKey !== undefined && { serverKey }),
    ...(packagesDir !== undefined && { packagesDir }),
    ca: readCa(values),
    jwtIssuers: text('jwt.issuers') ?? '',
    connections: readConnections(values),
    ...(secretsKeysDir !== undefined && { secretsKeysDir }),
    notify: readNotify(values),
    ...(oidc && { oidc }),
    http: {
      ...readListener(values, 'http'),
      tokens: text('api.tokens') ?? '',
      publicMetrics: values['metrics.public'] === true,
    },
  };
}

const maxWorkers = 64;

function readWorkers(values: SettingValues): number {
  const workers = Number(values.workers);
  if (Number.isInteger(workers) && workers >= 1 && workers <= maxWorkers) return workers;
  throw invalid(`workers is ${values.workers}`, `Set it to a whole number from 1 to ${maxWorkers}.`);
}

function readPeer(values: SettingValues): ServiceSettings['peer'] {
  const { host, port } = readAddress(values, 'peer');
  const advertise = textOf(values, 'peer.advertise');
  if (advertise === undefined) return { host, port };
  if (/^(?:\[[^\]]+\]|[^:]+):\d{1,5}$/.test(advertise)) return { host, port, advertise };
  throw invalid(`peer.advertise is ${advertise}`, 'Give it as host:port.');
}

function readGit(values: SettingValues): ServiceSettings['git'] {
  const repo = textOf(values, 'repo');
  if (repo === undefined)
    throw invalid('no fleet repo is set', 'Give --repo <url or folder>, or set MUSTER_REPO.');
  const username = textOf(values, 'git.username');
  const password = textOf(values, 'git.password');
  const keysFile = textOf(values, 'git.verify.keysFile');
  const hasCredentials = username !== undefined || password !== undefined;
  return {
    repo,
    ref: String(values.branch),
    path: String(values.path),
    transport: values['git.transport'] as ServiceSettings['git']['transport'],
    timeoutMs: Number(values['git.timeout']),
    ...(hasCredentials && { credentials: { username: username ?? 'git', password: password ?? '' } }),
    verify: {
      mode: values['git.verify.mode'] as ServiceSettings['git']['verify']['mode'],
      ...(keysFile !== undefined && { keysFile }),
    },
  };
}

function readStatus(values: SettingValues): ServiceSettings['status'] {
  const host = textOf(values, 'status.host');
  const apiUrl = textOf(values, 'status.apiUrl');
  const repo = textOf(values, 'status.repo');
  const credential = readStatusCredential(values);
  return {
    ...(host !== undefined &&
      host !== 'auto' && { host: host as NonNullable<ServiceSettings['status']['host']> }),
    ...(apiUrl !== undefined && { apiUrl }),
    ...(repo !== undefined && { repo }),
    ...(credential && { credential }),
    notes: values['status.notes'] as ServiceSettings['status']['notes'],
  };
}

function readStatusCredential(values: SettingValues): StatusCredential | undefined {
  const appId = textOf(values, 'status.appId');
  const privateKey = textOf(values, 'status.appKey');
  if (appId !== undefined && privateKey !== undefined) return { kind: 'github-app', appId, privateKey };
  const token = textOf(values, 'status.token');
  return token === undefined ? undefined : { kind: 'token', token };
}

function readAddress(values: SettingValues, key: 'opamp' | 'http' | 'peer'): { host: string; port: number } {
  const address = String(values[key]);
  const end = address.lastIndexOf(':');
  const host = address.slice(0, end).replace(/^\[|\]$/g, '');
  return { host: host === '' ? '0.0.0.0' : host, port: Number(address.slice(end + 1)) };
}

function readListener(values: SettingValues, listener: 'opamp' | 'http'): ListenSettings {
  const certFile = textOf(values, `${listener}.tls.certFile`);
  const keyFile = textOf(values, `${listener}.tls.keyFile`);
  const clientCaFile = textOf(values, `${listener}.tls.clientCaFile`);
  const listen = readAddress(values, listener);
  if (certFile === undefined || keyFile === undefined) return listen;
  return { ...listen, tls: { certFile, keyFile, ...(clientCaFile !== undefined && { clientCaFile }) } };
}

function readCa(values: SettingValues): ServiceSettings['ca'] {
  const passphrase = textOf(values, 'ca.passphrase');
  const previousFiles = (textOf(values, 'ca.previousFiles') ?? '').split(',').map((file) => file.trim());
  return {
    source: readCaSource(values),
    ...(passphrase !== undefined && { passphrase }),
    previousFiles: previousFiles.filter((file) => file !== ''),
  };
}

function readCaSource(values: SettingValues): ServiceSettings['ca']['source'] {
  const certFile = textOf(values, 'ca.certFile');
  const keyPem = textOf(values, 'ca.key');
  if (certFile !== undefined && keyPem !== undefined) return { kind: 'given', certFile, keyPem };
  if (certFile === undefined && keyPem === undefined)
    return { kind: 'dir', dir: `${textOf(values, 'dataDir') ?? '.muster'}/ca` };
  throw invalid(
    'the certificate authority needs its certificate and its key',
    'Set ca.certFile and MUSTER_CA_KEY (or MUSTER_CA_KEY_FILE), or neither: then one is made in the data folder.',
  );
}

function readConnections(values: SettingValues): ServiceSettings['connections'] {
  const secretsDir = textOf(values, 'connections.secretsDir');
  return {
    ...(secretsDir !== undefined && { secretsDir }),
    allow: textOf(values, 'connections.allow') ?? '',
  };
}

/** The instance is part of contexts and of a ref's name. */
function checkInstance(instance: string | undefined): string | undefined {
  if (instance === undefined || /^[A-Za-z0-9-]{1,40}$/.test(instance)) return instance;
  throw invalid(
    `instance "${instance.slice(0, 60)}" is no name`,
    'Use up to 40 letters, digits and hyphens.',
  );
}

function checkStore(url: string | undefined): string | undefined {
  if (url === undefined || (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url))) return url;
  throw invalid(
    'the store is no postgres:// URL',
    'Write postgres://user@host:5432/database, or leave --store out for the embedded store.',
  );
}

function checkOpampUrl(url: string | undefined): string | undefined {
  if (url === undefined || (/^(?:wss?|https?):\/\//.test(url) && URL.canParse(url))) return url;
  throw invalid(
    `opamp.publicUrl "${url.slice(0, 100)}" is no address`,
    'Give it as agents use it, such as wss://opamp.example.com:4320/v1/opamp.',
  );
}

function textOf(values: SettingValues, key: SettingKey): string | undefined {
  const value = values[key];
  return value === undefined || value === '' ? undefined : String(value);
}

function invalid(message: string, hint: string): MusterError {
  return new MusterError('SETTINGS_INVALID', message, { disposition: 'stalled', hint });
}
