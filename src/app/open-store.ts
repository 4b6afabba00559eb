import { randomUUID } from 'node:crypto';
import { createStandbyApp, type HttpServer, serveHttp } from '../http-api/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';
import { openEmbeddedStore, openPostgresStore, type Store } from '../store/index.ts';
import { readTls } from './read-tls.ts';

export interface StoreDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ends the waiting for another process that leads. */
  readonly signal?: AbortSignal;
}

/** The store, and whether this process may decide on it. */
export interface LedStore {
  readonly store: Store;
  /** False while another process might lead: then everything that is decided waits. */
  readonly leads: () => boolean;
  /** Resolves once another process leads; never with the embedded store, which has one process. */
  readonly superseded: Promise<void>;
}

/** Opens the store that the settings name. On a shared one it stands by, with probes, until this process leads. */
export async function openStore(settings: ServiceSettings, deps: StoreDeps): Promise<LedStore> {
  const { clock, random } = deps;
  const logger = deps.logger.child({ part: 'store' });
  if (settings.store === undefined) {
    const store = await openEmbeddedStore({ clock, random, logger }, { dataDir: settings.dataDir });
    return { store, leads: () => true, superseded: new Promise(() => {}) };
  }
  let probes: Promise<HttpServer> | undefined;
  const onStandby = () => {
    logger.info({}, 'another process leads: standing by');
    probes = serveStandby(settings);
    probes.catch((error: Error) => logger.error({ reason: error.message }, 'no probes while standing by'));
  };
  const { signal } = deps;
  try {
    const { store, leadership } = await openPostgresStore(
      { clock, random, logger, onStandby },
      { url: settings.store, holder: randomUUID(), ...(signal && { signal }) },
    );
    return { store, leads: leadership.leads, superseded: leadership.lost };
  } finally {
    const listening = await probes?.catch(() => undefined);
    await listening?.close();
  }
}

async function serveStandby({ http }: ServiceSettings): Promise<HttpServer> {
  const { host, port, tls } = http;
  return serveHttp(createStandbyApp(), { host, port, ...(await readTls(tls)) });
}
