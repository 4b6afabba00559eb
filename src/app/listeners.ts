import { basePathOf, type HttpServer, serveHttp } from '../http-api/index.ts';
import type { OpampServerOptions } from '../opamp-server/index.ts';
import type { ServiceSettings } from '../runtime/index.ts';
import { readTls } from './read-tls.ts';

/** What answers HTTP requests at the time. */
export type HttpApp = Parameters<typeof serveHttp>[0];

/** Listens for people and probes; `app` is asked anew for every request. */
export async function listenHttp(settings: ServiceSettings, app: () => HttpApp): Promise<HttpServer> {
  const { host, port, tls } = settings.http;
  return serveHttp(
    { fetch: (...args) => app().fetch(...args) },
    { host, port, basePath: basePathOf(settings.publicUrl), ...(await readTls(tls)) },
  );
}

/** The OpAMP listener's own settings, wherever its sockets are. */
export function opampListenOptions({ opamp }: ServiceSettings): OpampServerOptions {
  const { host, port, tls, maxMessageBytes } = opamp;
  return { host, port, maxMessageBytes, ...(tls && { tls }) };
}
