import { type Clock, computeBackoff, type Logger } from '../runtime/index.ts';
import type { Engine } from './engine.ts';
import { createPersistentStore } from './persistent-store.ts';
import { campaign } from './postgres/campaign.ts';
import type { Leadership } from './postgres/leadership.ts';
import { openPostgresEngine } from './postgres/postgres-engine.ts';
import { isWorthRetry, openFailure, postgresFailure } from './postgres/postgres-failure.ts';
import { showPostgresUrl } from './postgres/postgres-url.ts';
import { prepareTables } from './postgres/prepare-tables.ts';
import { pause } from './postgres/stand-by.ts';
import type { Store } from './store.ts';
import { campaignInThread } from './thread/campaign-in-thread.ts';
import { spawnWorker } from './thread/spawn-worker.ts';
import { openThreadEngine } from './thread/thread-engine.ts';
import type { Thread } from './thread/thread-link.ts';

export interface PostgresStoreDeps {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Called once where another process leads and this one has to wait. */
  readonly onStandby?: () => void;
  /** While this one waits: where the leader is reached, as often as that was looked up. */
  readonly onLeader?: (address: string | undefined) => void;
  /** Starts the store's thread; by default the built `workers/store-worker`. */
  readonly spawn?: () => Thread;
}

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:5432/database?sslmode=verify-full`. */
  readonly url: string;
  /** Names this process; no two are alike. */
  readonly holder: string;
  /** `host:port` at which other processes reach this one, where they do. */
  readonly address?: string;
  /** Ends the waiting for the leadership. */
  readonly signal?: AbortSignal;
  /** Whether the engine and the lease run in threads of their own; true unless told. */
  readonly thread?: boolean;
  /** Roster rows and events are written within this many milliseconds; 1,000 unless told. */
  readonly flushMs?: number;
  /** Events that the history holds; 100,000 unless told. */
  readonly keptEvents?: number;
  /** How long the leadership outlives its last renewal, in milliseconds; 5,000 unless told. */
  readonly leaseMs?: number;
  /** How long to try at start to reach the database, in milliseconds; 30,000 unless told. */
  readonly openMs?: number;
  /** Milliseconds after which a statement that is not answered fails; 15,000 unless told. */
  readonly answerMs?: number;
}

export interface OpenedStore {
  readonly store: Store;
  readonly leadership: Leadership;
}

const openRetry = { initialMs: 250, maxMs: 2_000 };

/**
 * Opens the store on a PostgreSQL database, once this process leads all that share it. Errors: `STORE_URL`,
 * `STORE_UNREACHABLE`, `STORE_TOO_NEW` (stalled), `STORE_CLOSED` where `signal` ended the waiting.
 */
export async function openPostgresStore(
  deps: PostgresStoreDeps,
  options: PostgresStoreOptions,
): Promise<OpenedStore> {
  const { url } = options;
  const shownUrl = showPostgresUrl(url);
  await prepare(deps, options).catch((error: unknown) => {
    throw openFailure(error, shownUrl);
  });
  const leadership = await takeLead(deps, options);
  deps.logger.info({ store: shownUrl, term: leadership.term }, 'this process leads');
  return openLeading(leadership, deps, options);
}

function takeLead(
  { clock, logger, onStandby, onLeader }: PostgresStoreDeps,
  { url, holder, address, leaseMs = 5_000, signal, thread = true }: PostgresStoreOptions,
): Promise<Leadership> {
  const deps = { clock, logger, onStandby, onLeader };
  const options = { url, holder, leaseMs, ...(address !== undefined && { address }) };
  if (!thread) return campaign(deps, options, signal);
  return campaignInThread(deps, options, () => spawnWorker('lease'), signal);
}

/** The tables are there and of a version that this process can bear. */
async function prepare(
  { clock, random, logger }: PostgresStoreDeps,
  { url, openMs = 30_000, signal }: PostgresStoreOptions,
): Promise<void> {
  const until = clock.monotonic() + openMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await prepareTables(url);
      return;
    } catch (error) {
      const delayMs = computeBackoff(attempt, openRetry, random);
      if (!isWorthRetry(error) || clock.monotonic() + delayMs > until || signal?.aborted) throw error;
      logger.warn(
        { reason: postgresFailure(error).message },
        'the store cannot be opened yet; it is tried again',
      );
      await pause(clock, delayMs, signal);
    }
  }
}

async function openLeading(
  leadership: Leadership,
  deps: PostgresStoreDeps,
  options: PostgresStoreOptions,
): Promise<OpenedStore> {
  try {
    const engine = await openEngine(leadership.term, deps, options);
    const { flushMs = 1_000 } = options;
    const store = await createPersistentStore({ ...deps, engine }, { flushMs, notice: undefined });
    return { store: withResignation(store, leadership), leadership };
  } catch (error) {
    await leadership.resign();
    throw error;
  }
}

function openEngine(
  term: number,
  { spawn }: PostgresStoreDeps,
  { url, thread = true, keptEvents = 100_000, answerMs = 15_000 }: PostgresStoreOptions,
): Promise<Engine> {
  const engineOptions = { url, term, keptEvents, answerMs };
  if (!thread) return Promise.resolve(openPostgresEngine(engineOptions));
  const opened = openThreadEngine(
    { database: 'postgres', ...engineOptions },
    spawn ?? (() => spawnWorker('store')),
  );
  return opened.then(({ engine }) => engine);
}

/** What is owed is written before the next process may lead. */
function withResignation(store: Store, leadership: Leadership): Store {
  return {
    ...store,
    async close() {
      await store.close();
      await leadership.resign();
    },
  };
}
