import type { BookDeps } from './book-deps.ts';
import { createEventBook } from './event-book.ts';
import { createFactBook } from './fact-book.ts';
import { createOutboxBook } from './outbox-book.ts';
import { createPendingWrites } from './pending-writes.ts';
import { createRevisionBook } from './revision-book.ts';
import { createRosterBook } from './roster-book.ts';
import type { InForceBook, Store } from './store.ts';
import { createWriteBehind, type WriteBehindDeps, type WriteBehindOptions } from './write-behind.ts';

const limits = {
  rosterRows: 250_000,
  events: 10_000,
  urgent: 20_000,
  urgentBytes: 64 * 1024 * 1024,
  batch: 1_000,
};

/** The store over an engine, which it owns from now on. Rejects with what the engine answers to a first query. */
export async function createPersistentStore(
  deps: Omit<WriteBehindDeps, 'pending'>,
  options: WriteBehindOptions,
): Promise<Store> {
  const { engine } = deps;
  const lastEventId = await engine.query({ kind: 'lastEventId' });
  const pending = createPendingWrites(limits);
  const writes = createWriteBehind({ ...deps, pending }, options);
  const book: BookDeps = { engine, pending, writes };
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    // What a failing disk refuses now is lost with the process; state() has said so.
    await writes.flush().catch(() => undefined);
    writes.stop();
    await engine.close();
  }

  return {
    roster: createRosterBook(book),
    revisions: createRevisionBook(book),
    inForce: createInForceBook(book),
    outbox: createOutboxBook(book),
    facts: createFactBook(book),
    events: createEventBook(book, lastEventId),
    flush: writes.flush,
    close: () => (closing ??= close()),
    state: writes.state,
  };
}

function createInForceBook({ engine, pending, writes }: BookDeps): InForceBook {
  return {
    get: async () => pending.of('inForce').get('')?.tenants ?? engine.query({ kind: 'inForce' }),
    set: (inForce) => writes.write({ kind: 'inForce', key: '', tenants: new Map(inForce) }),
  };
}
