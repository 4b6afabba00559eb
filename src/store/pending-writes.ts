import type { InstanceUid } from '../model/index.ts';
import type { Batch, Mutation, MutationOf } from './engine.ts';
import { createRosterQueue } from './roster-queue.ts';
import type { RosterRow, StoredEvent } from './rows.ts';

export interface PendingLimits {
  /** Roster rows that may wait. */
  readonly rosterRows: number;
  /** Events that may wait. */
  readonly events: number;
  /** Urgent writes that may wait while the engine fails, and their bytes. */
  readonly urgent: number;
  readonly urgentBytes: number;
  /** Mutations, and events, in one transaction. */
  readonly batch: number;
}

/** Writes on their way to the engine: the newest per key, and first those that somebody waits for. */
export interface PendingWrites {
  /** A write that goes with the next batch; resolves when it, or a newer one of its key, is settled. */
  addUrgent(mutation: Mutation): Promise<void>;
  /** A roster row that may wait (undefined: removed); returns false where the limit refused it. */
  addRow(uid: InstanceUid, row: RosterRow | undefined): boolean;
  /** Returns false where the limit refused it. */
  addEvent(event: StoredEvent): boolean;
  /** The next batch: urgent writes alone, or rows and events if `lazyToo`; undefined where there is nothing to do. */
  next(lazyToo: boolean): Batch | undefined;
  /** Forgets what `batch` holds, unless it was replaced meanwhile, and settles who waits: with `error`, or well. */
  settle(batch: Batch, error?: Error): void;
  /** Lets everybody who waits go on; the writes stay. */
  release(): void;
  /** The pending urgent mutations of one kind, by key, as they are now. */
  of<K extends Mutation['kind']>(kind: K): ReadonlyMap<string, MutationOf<K>>;
  /** The pending roster rows as they are now. */
  rows(): ReadonlyMap<InstanceUid, RosterRow | undefined>;
  /** The engine began with empty tables. */
  forgetWritten(): void;
  events(): readonly StoredEvent[];
  size(): number;
  /** Whether urgent writes have met their limit. */
  full(): boolean;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface UrgentWrite {
  readonly mutation: Mutation;
  waiters: readonly Waiter[];
}

/** No pending writes yet. */
export function createPendingWrites(limits: PendingLimits): PendingWrites {
  const urgent = new Map<string, UrgentWrite>();
  const roster = createRosterQueue(limits.rosterRows);
  let events: StoredEvent[] = [];
  let bytes = 0;

  function dropUrgent(id: string): void {
    const write = urgent.get(id);
    if (!write) return;
    urgent.delete(id);
    bytes -= weigh(write.mutation);
  }

  function addUrgent(mutation: Mutation): Promise<void> {
    const id = identity(mutation);
    const replaced = urgent.get(id)?.waiters ?? [];
    // Deleted first, so that a batch is in the order of the newest writes.
    dropUrgent(id);
    bytes += weigh(mutation);
    return new Promise((resolve, reject) => {
      urgent.set(id, { mutation, waiters: [...replaced, { resolve, reject }] });
    });
  }

  function next(lazyToo: boolean): Batch | undefined {
    const writes = Array.from(take(urgent.values(), limits.batch), ({ mutation }) => mutation);
    if (writes.length > 0) return { mutations: writes, events: [], durable: true };
    if (!lazyToo || (roster.rows().size === 0 && events.length === 0)) return undefined;
    return { mutations: roster.peek(limits.batch), events: events.slice(0, limits.batch), durable: false };
  }

  function settleUrgent(mutation: Mutation, error: Error | undefined): void {
    const write = urgent.get(identity(mutation));
    if (write?.mutation !== mutation) return;
    dropUrgent(identity(mutation));
    for (const waiter of write.waiters) error ? waiter.reject(error) : waiter.resolve();
  }

  function settle(batch: Batch, error?: Error): void {
    for (const mutation of batch.mutations) {
      if (mutation.kind !== 'roster') settleUrgent(mutation, error);
      else roster.settle(mutation, error === undefined);
    }
    const written = new Set(batch.events);
    if (written.size > 0) events = events.filter((event) => !written.has(event));
  }

  function release(): void {
    for (const write of urgent.values()) {
      for (const waiter of write.waiters) waiter.resolve();
      write.waiters = [];
    }
  }

  function of<K extends Mutation['kind']>(kind: K): ReadonlyMap<string, MutationOf<K>> {
    const found = new Map<string, MutationOf<K>>();
    for (const { mutation } of urgent.values()) {
      if (mutation.kind === kind) found.set(mutation.key, mutation as MutationOf<K>);
    }
    return found;
  }

  return {
    addUrgent,
    addRow: roster.add,
    addEvent(event) {
      if (events.length >= limits.events) return false;
      events.push(event);
      return true;
    },
    next,
    settle,
    release,
    of,
    rows: roster.rows,
    forgetWritten: roster.forgetWritten,
    events: () => [...events],
    size: () => urgent.size + roster.rows().size + events.length,
    full: () => urgent.size >= limits.urgent || bytes >= limits.urgentBytes,
  };
}

function identity(mutation: Mutation): string {
  return `${mutation.kind}:${mutation.key}`;
}

/** About how many bytes a mutation keeps in memory. */
function weigh(mutation: Mutation): number {
  switch (mutation.kind) {
    case 'fact':
    case 'outbox':
      return mutation.value?.length ?? 0;
    case 'revision':
      return sumLengths(mutation.content?.blobs.values() ?? []);
    default:
      return 0;
  }
}

function sumLengths(parts: Iterable<Uint8Array>): number {
  let sum = 0;
  for (const part of parts) sum += part.byteLength;
  return sum;
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === count) return;
    yield item;
  }
}
