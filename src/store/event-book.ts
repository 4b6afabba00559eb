import type { BookDeps } from './book-deps.ts';
import type { EventQuery, StoredEvent } from './rows.ts';
import type { EventBook } from './store.ts';

const maxListed = 1_000;

/** The history over an engine whose newest event has the id `lastId`. */
export function createEventBook({ engine, pending, writes }: BookDeps, lastId: number): EventBook {
  let id = lastId;
  return {
    append(event) {
      id += 1;
      const stored = { ...event, id };
      writes.append(stored);
      return stored;
    },
    async list(query) {
      const capped = { ...query, limit: Math.min(query.limit, maxListed) };
      const waiting = pending.events();
      const written = await engine.query({ kind: 'events', filter: capped });
      return selectEvents([...written, ...waiting], capped);
    },
  };
}

/** The newest of `events` that `query` asks for, each id once, newest first. */
export function selectEvents(events: readonly StoredEvent[], query: EventQuery): readonly StoredEvent[] {
  const { before = Number.POSITIVE_INFINITY, tenant, kind, limit } = query;
  const byId = new Map<number, StoredEvent>();
  for (const event of events) {
    if (event.id >= before) continue;
    if (tenant !== undefined && event.tenant !== tenant) continue;
    if (kind !== undefined && event.kind !== kind) continue;
    byId.set(event.id, event);
  }
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, limit);
}
