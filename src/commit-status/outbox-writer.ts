import { type Clock, computeBackoff, type Logger } from '../runtime/index.ts';
import type { OutboxStore } from './outbox-store.ts';
import { pause } from './pause.ts';

/** Writes entries behind the outbox, newest value per key, and goes on from memory while the store fails. */
export interface OutboxWriter {
  /** The key's value has changed, or is gone. */
  touch(key: string): void;
  /** Resolves once the key is stored, or at once while the store fails. */
  settled(key: string): Promise<void>;
  isFailing(): boolean;
  close(): Promise<void>;
}

export interface OutboxWriterDeps {
  readonly store: OutboxStore;
  /** The value to store now; undefined deletes the key. */
  readonly valueToStore: (key: string) => unknown;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

const retry = { initialMs: 1_000, maxMs: 60_000 };

/** A writer with one write under way at a time. */
export function createOutboxWriter(deps: OutboxWriterDeps): OutboxWriter {
  const { clock } = deps;
  const dirty = new Map<string, number>();
  const moved = createLatch();
  const abort = new AbortController();
  let version = 0;
  let running: Promise<void> | undefined;
  let failures = 0;

  const drain = async () => {
    for (let key = first(dirty); key !== undefined && !abort.signal.aborted; key = first(dirty)) {
      const written = dirty.get(key);
      failures = await storeOne(deps, key, failures);
      if (failures === 0 && dirty.get(key) === written) dirty.delete(key);
      moved.open();
      if (failures === 0) continue;
      await pause(clock, computeBackoff(failures - 1, retry, deps.random), abort.signal).catch(() => {});
    }
    running = undefined;
    moved.open();
  };
  const until = async (isDone: () => boolean) => {
    while (!isDone() && failures === 0 && running) await moved.wait();
  };
  return {
    touch(key) {
      version += 1;
      dirty.set(key, version);
      running ??= Promise.resolve().then(drain);
    },
    settled: (key) => until(() => !dirty.has(key)),
    isFailing: () => failures > 0,
    async close() {
      await until(() => running === undefined);
      abort.abort();
      await running;
    },
  };
}

/** Stores or deletes one key; returns how often in a row the store has failed by now. */
async function storeOne(deps: OutboxWriterDeps, key: string, failures: number): Promise<number> {
  const { store, logger } = deps;
  const value = deps.valueToStore(key);
  try {
    await (value === undefined ? store.delete(key) : store.put({ key, value }));
    if (failures > 0) logger.info({}, 'the outbox can be stored again');
    return 0;
  } catch (error) {
    if (failures === 0)
      logger.error({ reason: nameOf(error) }, 'the outbox cannot be stored, going on from memory');
    return failures + 1;
  }
}

interface Latch {
  /** Resolves at the next `open`. */
  wait(): Promise<void>;
  open(): void;
}

function createLatch(): Latch {
  const waiters = new Set<() => void>();
  return {
    wait: () => new Promise((resolve) => void waiters.add(resolve)),
    open() {
      for (const waiter of waiters) waiter();
      waiters.clear();
    },
  };
}

function first(keys: ReadonlyMap<string, unknown>): string | undefined {
  for (const key of keys.keys()) return key;
  return undefined;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
