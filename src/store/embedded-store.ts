import type { Clock, Logger } from '../runtime/index.ts';
import { createPersistentStore } from './persistent-store.ts';
import { type Connect, connectLibsql } from './sqlite/open-database.ts';
import { type OpenedEngine, openSqliteEngine } from './sqlite/sqlite-engine.ts';
import { damageNotice } from './sqlite/store-failure.ts';
import type { Store } from './store.ts';
import { spawnWorker } from './thread/spawn-worker.ts';
import { openThreadEngine } from './thread/thread-engine.ts';
import type { Thread } from './thread/thread-link.ts';

export interface EmbeddedStoreDeps {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Starts the store's thread; by default the built `workers/store-worker`. */
  readonly spawn?: () => Thread;
  /** Opens the database where there is no thread; replaced in fault tests. */
  readonly connect?: Connect;
}

export interface EmbeddedStoreOptions {
  /** Holds `muster.db`; created where it is missing. */
  readonly dataDir: string;
  /** Whether the database runs in a thread of its own; true unless told. */
  readonly thread?: boolean;
  /** Roster rows and events are written within this many milliseconds; 1,000 unless told. */
  readonly flushMs?: number;
  /** How long to wait for a predecessor to let go of the data directory, in milliseconds; 3,000 unless told. */
  readonly lockWaitMs?: number;
  /** Events that the history holds; 100,000 unless told. */
  readonly keptEvents?: number;
}

/**
 * Opens the embedded store, for this process alone. A damaged file is set aside as `muster.db.corrupt-<n>`, which
 * `state().notice` tells. Errors: `STORE_IN_USE`, `STORE_DIRECTORY`, `STORE_TOO_NEW` (stalled: for the operator).
 */
export async function openEmbeddedStore(
  deps: EmbeddedStoreDeps,
  options: EmbeddedStoreOptions,
): Promise<Store> {
  const { engine, setAside } = await openEngine(deps, options);
  const notice = setAside === undefined ? undefined : damageNotice(setAside);
  if (notice) deps.logger.warn({ setAside }, 'the store was damaged and was begun anew');
  return createPersistentStore({ ...deps, engine }, { flushMs: options.flushMs ?? 1_000, notice });
}

function openEngine(deps: EmbeddedStoreDeps, options: EmbeddedStoreOptions): Promise<OpenedEngine> {
  const { dataDir, thread = true, lockWaitMs = 3_000, keptEvents = 100_000 } = options;
  const engineOptions = { dataDir, lockWaitMs, keptEvents };
  if (thread)
    return openThreadEngine(
      { database: 'sqlite', ...engineOptions },
      deps.spawn ?? (() => spawnWorker('store')),
    );
  return openSqliteEngine(engineOptions, deps.connect ?? connectLibsql);
}
