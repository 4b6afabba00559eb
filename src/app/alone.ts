import { listenForPeers } from '../peers/index.ts';
import type { ServiceSettings } from '../runtime/index.ts';
import { openEmbeddedStore } from '../store/index.ts';
import { drainLimitMs, startWorkerRelays } from '../workers/index.ts';
import { type Core, startCore } from './core.ts';
import { listenHttp, opampListenOptions } from './listeners.ts';
import type { App, ServiceDeps } from './service.ts';

/** Where agents connect, and how that ends. */
interface Sockets {
  readonly url: string;
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The service as one process with a store of its own, and socket processes beside it where that is asked for. */
export async function startAlone(settings: ServiceSettings, deps: ServiceDeps): Promise<App> {
  const { clock, random, logger } = deps;
  const store = await openEmbeddedStore(
    { clock, random, logger: logger.child({ part: 'store' }) },
    { dataDir: settings.dataDir },
  );
  const urls: { opamp?: string; http?: string } = {};
  const core = await startCore(
    settings,
    { ...deps, opampUrl: () => urls.opamp, httpUrl: () => urls.http },
    { store, leads: () => true },
  );
  let sockets: Sockets | undefined;
  try {
    sockets = settings.workers > 1 ? await startWorkers(settings, deps, core) : await listen(core);
    urls.opamp = sockets.url;
    const http = await listenHttp(settings, () => core.api);
    urls.http = http.url;
    logger.info({ opamp: urls.opamp, http: urls.http, repo: settings.git.repo }, 'listening');
    const { drain, close } = sockets;
    return {
      opampUrl: urls.opamp,
      httpUrl: urls.http,
      failed: new Promise(() => {}),
      async stop() {
        await drain();
        await core.quiet();
        await close();
        await http.close();
        await core.close();
        logger.info({}, 'stopped');
      },
    };
  } catch (error) {
    await sockets?.close();
    await core.quiet();
    await core.close();
    throw error;
  }
}

/** The server has the sockets itself, and drains them itself. */
async function listen({ opamp }: Core): Promise<Sockets> {
  const { url } = await opamp.listen();
  return { url, drain: async () => {}, close: async () => {} };
}

async function startWorkers(settings: ServiceSettings, deps: ServiceDeps, core: Core): Promise<Sockets> {
  const key = deps.serverKey.derive('peers');
  const host = '127.0.0.1';
  const peers = await listenForPeers(
    { host, port: 0, key },
    { logger: deps.logger.child({ part: 'peers' }), accept: core.accept },
  );
  try {
    const relays = await startWorkerRelays(settings.workers, opampListenOptions(settings), {
      ...deps,
      ...{ key, logLevel: settings.logLevel, own: { host, port: peers.port } },
    });
    relays.aim({ kind: 'own', server: core.opamp });
    return {
      url: relays.url,
      drain: () => relays.drain(AbortSignal.timeout(drainLimitMs)),
      async close() {
        await relays.close();
        await peers.close();
      },
    };
  } catch (error) {
    await peers.close();
    throw error;
  }
}
