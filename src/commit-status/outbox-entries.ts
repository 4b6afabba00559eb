import type { Clock, Logger } from '../runtime/index.ts';
import type { Destination } from './destination.ts';
import {
  decodeEntry,
  encodeEntry,
  fingerprintOf,
  hasDebt,
  keyOf,
  markDelivered,
  type OutboxEntry,
  type OutboxItem,
  wantItem,
} from './outbox-entry.ts';
import type { OutboxStore } from './outbox-store.ts';
import { createOutboxTable } from './outbox-table.ts';
import { createOutboxWriter } from './outbox-writer.ts';

/** What is wanted and what has been delivered, in memory and in the store. */
export interface OutboxEntries {
  load(): Promise<void>;
  /** The item should stand now. */
  want(item: OutboxItem): void;
  /** The destination has the item. */
  delivered(key: string, destination: string, item: OutboxItem): void;
  get(key: string): OutboxEntry | undefined;
  ofSubject(subject: string): readonly OutboxEntry[];
  /** Resolves once the entry is durable, or at once while the store fails. */
  stored(key: string): Promise<void>;
  state(): { readonly dropped: number; readonly store: 'ok' | 'failing' };
  close(): Promise<void>;
}

export interface EntriesDeps {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

export interface EntriesListener {
  onChange(entry: OutboxEntry): void;
  onGone(key: string): void;
}

/** Entries for these destinations, at most `maxEntries`; the listener hears of every change. */
export function createOutboxEntries(
  deps: EntriesDeps,
  destinations: readonly Destination[],
  limits: { readonly maxEntries?: number; readonly maxNotes?: number },
  listener: EntriesListener,
): OutboxEntries {
  const { store, clock, logger } = deps;
  const table = createOutboxTable({
    maxEntries: limits.maxEntries ?? 5_000,
    maxNotes: limits.maxNotes ?? 100,
  });
  const encode = (key: string) => {
    const entry = table.get(key);
    return entry && encodeEntry(entry);
  };
  const writer = createOutboxWriter({ ...deps, valueToStore: encode });
  let sequence = 0;
  let dropped = 0;
  const keep = (entry: OutboxEntry) => {
    for (const gone of table.set(entry)) {
      listener.onGone(gone.key);
      writer.touch(gone.key);
      if (!hasDebt(gone)) continue;
      dropped += 1;
      logger.warn({ key: gone.key }, 'the outbox is full, dropped what was not delivered');
    }
    listener.onChange(entry);
  };
  const save = (entry: OutboxEntry) => {
    writer.touch(entry.key);
    keep(entry);
  };
  return {
    async load() {
      const stored = await loadEntries(store, logger);
      sequence = stored.reduce((highest, entry) => Math.max(highest, entry.sequence), 0);
      for (const entry of stored) keep(entry);
    },
    want(item) {
      const known = table.get(keyOf(item));
      if (known && fingerprintOf(known.item) === fingerprintOf(item)) return;
      const names = destinations.filter((destination) => destination.accepts(item)).map(({ name }) => name);
      sequence += 1;
      save(wantItem(known, item, { names, sequence, now: clock.now() }));
    },
    delivered(key, destination, item) {
      const entry = table.get(key);
      if (entry) save(markDelivered(entry, destination, item, clock.now()));
    },
    get: table.get,
    ofSubject: table.ofSubject,
    stored: writer.settled,
    state: () => ({ dropped, store: writer.isFailing() ? 'failing' : 'ok' }),
    close: writer.close,
  };
}

/** In the order in which they were asked for; what cannot be read is left alone and told. */
async function loadEntries(store: OutboxStore, logger: Logger): Promise<readonly OutboxEntry[]> {
  try {
    const items = await store.load();
    const entries = items.flatMap(({ key, value }) => decodeEntry(key, value) ?? []);
    if (entries.length < items.length)
      logger.warn({ unreadable: items.length - entries.length }, 'outbox entries of another form');
    return entries.sort((a, b) => a.sequence - b.sequence);
  } catch (error) {
    logger.error(
      { reason: error instanceof Error ? error.name : 'unknown' },
      'the outbox cannot be read, starting empty',
    );
    return [];
  }
}
