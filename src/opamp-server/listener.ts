import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { MusterError } from '../model/index.ts';
import type { ServerContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import type { ResolvedOptions, TlsOptions } from './options.ts';
import {
  readSecureContext,
  readTlsStamp,
  takesClientCertificates,
  watchSecureContext,
} from './tls-context.ts';

/** Bytes of a request's head: enough for any token, too little to be worth filling. */
const maxHeaderSize = 16 * 1024;

/** Where a listener can be reached. */
export interface ListenerAddress {
  /** `http://host:port/path`, or `https://`; WebSocket clients use `ws://` or `wss://`. */
  readonly url: string;
  readonly port: number;
}

/** An HTTP or HTTPS listener. */
export interface Listener {
  /** Starts; throws `OPAMP_LISTEN_FAILED` where the address or a TLS file cannot be used. */
  listen(): Promise<ListenerAddress>;
  /** Answers the requests of a stream that came another way. */
  adopt(stream: Duplex): void;
  /** Stops listening; what is connected stays. */
  refuse(): void;
  /** Stops listening, and cuts every connection that is not upgraded. */
  close(): Promise<void>;
}

/** A listener for `endpoint`, with timeouts against clients that send their request by drops. */
export function createListener(
  context: Pick<ServerContext, 'options' | 'clock' | 'logger'>,
  endpoint: Endpoint,
): Listener {
  const { options } = context;
  let server: Server | undefined;
  let stopWatching: (() => void) | undefined;
  const adopting = createServer({ maxHeaderSize }, endpoint.request);
  return {
    adopt: (stream) => void adopting.emit('connection', stream),
    async listen() {
      try {
        const since = options.tls ? await readTlsStamp(options.tls) : '';
        server = await createConfiguredServer(options);
        server.on('request', endpoint.request);
        server.on('upgrade', endpoint.upgrade);
        const { port } = await listenOn(server, options);
        if (options.tls)
          stopWatching = watchSecureContext(server as TlsServer, options.tls, { ...context, since });
        const host = options.host.includes(':') ? `[${options.host}]` : options.host;
        return { port, url: `${options.tls ? 'https' : 'http'}://${host}:${port}${options.path}` };
      } catch (cause) {
        throw listenFailed(options, cause);
      }
    },
    refuse() {
      server?.close();
      server?.closeIdleConnections();
    },
    async close() {
      stopWatching?.();
      const open = server;
      server = undefined;
      if (!open) return;
      await new Promise<void>((resolve) => {
        if (open.listening) open.close(() => resolve());
        else resolve();
        open.closeAllConnections();
      });
    },
  };
}

async function createConfiguredServer(options: ResolvedOptions): Promise<Server> {
  const serverOptions: ServerOptions = {
    maxHeaderSize,
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, options.headersTimeoutMs),
  };
  const server = options.tls
    ? await createSecureServer(options, options.tls, serverOptions)
    : createServer(serverOptions);
  server.maxConnections = options.maxConnections + options.maxPollingAgents;
  return server;
}

async function createSecureServer(
  { headersTimeoutMs }: ResolvedOptions,
  tls: TlsOptions,
  serverOptions: ServerOptions,
): Promise<Server> {
  const files = await readSecureContext(tls);
  // WebSockets need HTTP/1.1: nothing else is offered.
  const protocol = { ALPNProtocols: ['http/1.1'], handshakeTimeout: headersTimeoutMs };
  // Without a certificate a client is still let in: its token may be what proves who it is.
  const clients = takesClientCertificates(tls) ? { requestCert: true, rejectUnauthorized: false } : {};
  return createTlsServer({ ...serverOptions, ...files, ...protocol, ...clients });
}

function listenOn(server: Server, { host, port }: ResolvedOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

function listenFailed({ host, port }: ResolvedOptions, cause: unknown): MusterError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MusterError(
    'OPAMP_LISTEN_FAILED',
    `The OpAMP listener cannot start on ${host}:${port}: ${reason}`,
    {
      disposition: 'stalled',
      hint: 'Check the opamp address and its TLS files, and that no other process listens there.',
      cause,
    },
  );
}
