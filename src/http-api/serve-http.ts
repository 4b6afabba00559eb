import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { MusterError } from '../model/index.ts';
import type { ApiEnv } from './api-env.ts';
import { cutBasePath } from './page/base-path.ts';

export interface HttpListenOptions {
  readonly host: string;
  readonly port: number;
  /** Where it is mounted; requests may come with it or without. */
  readonly basePath: string;
  /** PEM contents; plain HTTP without them. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
}

export interface HttpServer {
  readonly url: string;
  /** Answers the requests of a stream that came another way; its callers were passed on. */
  adopt(stream: Duplex): void;
  /** Ends every connection and goes on listening: whoever follows events asks anew, and is told by whoever knows then. */
  cut(): void;
  /** Stops listening and ends open streams. */
  close(): Promise<void>;
}

/** Serves the app; resolves once it listens, rejects with `HTTP_LISTEN_FAILED` where it cannot. */
export async function serveHttp(
  app: Pick<Hono<ApiEnv>, 'fetch'>,
  options: HttpListenOptions,
): Promise<HttpServer> {
  const { tls, basePath } = options;
  const serve: Hono<ApiEnv>['fetch'] = (request, ...rest) =>
    app.fetch(cutBasePath(request, basePath), ...rest);
  const server = tls
    ? createAdaptorServer({
        fetch: serve,
        createServer: createSecureServer,
        serverOptions: {
          cert: tls.cert,
          key: tls.key,
          ...(tls.clientCa !== undefined && { ca: tls.clientCa, requestCert: true }),
        },
      })
    : createAdaptorServer({ fetch: serve });
  const adopting = createAdaptorServer({ fetch: serve });
  const adopted = new Set<Duplex>();
  const cut = (): void => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    for (const stream of adopted) stream.destroy();
  };
  if ('headersTimeout' in server) server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenFailed(options, cause)));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `${tls ? 'https' : 'http'}://${shown}:${port}`,
    adopt(stream) {
      adopted.add(stream);
      stream.once('close', () => adopted.delete(stream));
      adopting.emit('connection', stream);
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

function listenFailed({ host, port }: HttpListenOptions, cause: Error): MusterError {
  return new MusterError('HTTP_LISTEN_FAILED', `the API cannot listen on ${host}:${port}: ${cause.message}`, {
    disposition: 'stalled',
    hint: 'Check the http address, and that no other process listens there.',
    cause,
  });
}
