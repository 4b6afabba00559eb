import { randomUUID } from 'node:crypto';
import type { ServiceSettings } from '../runtime/index.ts';
import { openEmbeddedStore, openPostgresStore, type Store } from '../store/index.ts';
import { type Standby, type StandbyDeps, startStandby } from './stand-by.ts';

export interface StoreDeps extends StandbyDeps {
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

/** Opens the store that the settings name. On a shared one it stands by until this process leads. */
export async function openStore(settings: ServiceSettings, deps: StoreDeps): Promise<LedStore> {
  const { clock, random, signal } = deps;
  const logger = deps.logger.child({ part: 'store' });
  if (settings.store === undefined) {
    const store = await openEmbeddedStore({ clock, random, logger }, { dataDir: settings.dataDir });
    return { store, leads: () => true, superseded: new Promise(() => {}) };
  }
  let standby: Standby | undefined;
  const onStandby = () => {
    standby = startStandby(settings, deps);
  };
  try {
    const { store, leadership } = await openPostgresStore(
      { clock, random, logger, onStandby },
      { url: settings.store, holder: randomUUID(), ...(signal && { signal }) },
    );
    return { store, leads: leadership.leads, superseded: leadership.lost };
  } finally {
    await standby?.close();
  }
}
