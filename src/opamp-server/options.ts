import { defaultQuota, type QuotaOf } from './quotas.ts';

/**
 * Files of a TLS listener, PEM, read again when they change. Clients may show a certificate signed by an authority of
 * `clientCaFile`, or by one of those that `extraClientCas` names in PEM at the time.
 */
export interface TlsOptions {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile?: string;
  readonly extraClientCas?: () => readonly string[];
}

/** Settings of the OpAMP server; all but the address have defaults. Times are in milliseconds. */
export interface OpampServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly path?: string;
  readonly tls?: TlsOptions;
  /** Bytes of one inflated message, in both directions; default 64 MiB (C-TR-12). */
  readonly maxMessageBytes?: number;
  /** What the server does besides statuses and configs, and so advertises (C-RSP-6); nothing by default. */
  readonly offers?: {
    readonly packages?: boolean;
    readonly connectionSettings?: boolean;
    readonly certificateRequests?: boolean;
  };
  /** Custom capabilities that the server tells agents of; none by default (C-CUS-1). */
  readonly customCapabilities?: readonly string[];
  /** Bytes of HTTP bodies held at one time, over all requests; default four messages. */
  readonly maxBufferedBodyBytes?: number;
  /** WebSocket connections; past it callers get 503. */
  readonly maxConnections?: number;
  /** Package downloads at one time; past it callers get 503. */
  readonly maxDownloads?: number;
  /** How long a download may stand still before it is cut off. */
  readonly downloadStallMs?: number;
  /** Agents on one WebSocket connection. */
  readonly maxAgentsPerConnection?: number;
  /** Agents that poll over HTTP. */
  readonly maxPollingAgents?: number;
  /** Connections that were upgraded and whose first message is not answered yet. */
  readonly maxPendingHandshakes?: number;
  /** How long a credential may be judged before its caller is told to come back. */
  readonly admissionTimeoutMs?: number;
  /** WebSocket upgrades admitted per second, in bursts of one second; unlimited by default. */
  readonly maxHandshakesPerSecond?: number;
  /** Connections within a minute after which an agent, or an address, has to stay away for a while. */
  readonly maxConnectsPerUid?: number;
  readonly maxConnectsPerAddress?: number;
  /** What a tenant with so many agents may send, and likewise one connection; past it, it is read more slowly or told 429. */
  readonly quota?: QuotaOf;
  /** Smallest Retry-After of a refusal for load; up to twice as much is told (C-THR-1). */
  readonly retryAfterMs?: number;
  /** Browser origins that may call; none by default. */
  readonly allowedOrigins?: readonly string[];
  readonly pingIntervalMs?: number;
  readonly pongTimeoutMs?: number;
  /** How long the holder of a uid has to answer when another connection claims it. */
  readonly probeTimeoutMs?: number;
  /** How long a client may leave pings unanswered while it goes on sending. */
  readonly stalledReaderTimeoutMs?: number;
  /** How long a connection may stay without its first message. */
  readonly firstMessageTimeoutMs?: number;
  /** Silence after which an HTTP agent counts as gone. */
  readonly pollTimeoutMs?: number;
  /** Malformed messages within `malformedWindowMs` after which a client is closed. */
  readonly maxMalformed?: number;
  readonly malformedWindowMs?: number;
  /** Bytes that may wait in one connection's socket before it is no longer read from. */
  readonly maxSocketBacklogBytes?: number;
  /** Agents served in one slice of a broadcast. */
  readonly sliceSize?: number;
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly keepAliveTimeoutMs?: number;
  /** How long a closing handshake may take before the socket is cut. */
  readonly closeTimeoutMs?: number;
  /** Time over which a drain spreads its closes. */
  readonly drainMs?: number;
}

/** Options with every default filled in. */
export type ResolvedOptions = Required<Omit<OpampServerOptions, 'tls'>> & { readonly tls?: TlsOptions };

const mebibyte = 1024 * 1024;
const defaultMessageBytes = 64 * mebibyte;

/** Fills in the defaults. */
export function resolveOptions(options: OpampServerOptions): ResolvedOptions {
  return {
    path: '/v1/opamp',
    maxMessageBytes: defaultMessageBytes,
    maxBufferedBodyBytes: 4 * (options.maxMessageBytes ?? defaultMessageBytes),
    offers: {},
    customCapabilities: [],
    maxConnections: 50_000,
    maxDownloads: 256,
    downloadStallMs: 30_000,
    maxAgentsPerConnection: 10_000,
    maxPollingAgents: 100_000,
    maxPendingHandshakes: 4_096,
    admissionTimeoutMs: 5_000,
    maxHandshakesPerSecond: Number.POSITIVE_INFINITY,
    maxConnectsPerUid: 12,
    maxConnectsPerAddress: 10_000,
    quota: defaultQuota,
    retryAfterMs: 30_000,
    allowedOrigins: [],
    pingIntervalMs: 30_000,
    pongTimeoutMs: 20_000,
    probeTimeoutMs: 5_000,
    stalledReaderTimeoutMs: 120_000,
    firstMessageTimeoutMs: 30_000,
    pollTimeoutMs: 90_000,
    maxMalformed: 10,
    malformedWindowMs: 60_000,
    maxSocketBacklogBytes: mebibyte,
    sliceSize: 256,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 60_000,
    keepAliveTimeoutMs: 75_000,
    closeTimeoutMs: 5_000,
    drainMs: 10_000,
    ...options,
  };
}
