import type { Clock } from '../runtime/index.ts';
import {
  carriesVerdict,
  type Delivery,
  fingerprintOf,
  isOwed,
  notDelivered,
  type OutboxEntry,
} from './outbox-entry.ts';
import { isSuppressed, waitAfterLast } from './posting-cadence.ts';
import type { ReporterLimits } from './status-reporter.ts';
import { createWriteBudget } from './write-budget.ts';

/** How often an entry has failed, and for how many milliseconds it has been tried. */
export interface Trials {
  readonly failures: number;
  readonly age: number;
}

/** What one destination still has to be told, and when it may be. Times are on the monotonic clock. */
export interface OwedQueue {
  /** The entry is new or has changed; one that is not owed leaves the queue. */
  consider(entry: OutboxEntry): void;
  drop(key: string): void;
  /** The oldest entry that may go now, else the one that may go first; undefined where none ever may. */
  next(): { readonly entry: OutboxEntry; readonly readyAt: number } | undefined;
  /** Whether the entry is still owed as it is. */
  isNewest(entry: OutboxEntry): boolean;
  /** A write for the key begins. */
  began(key: string): Trials;
  /** The write has ended: failed, and not to be repeated for `delayMs` (undefined: before the text changes). */
  failed(key: string, delayMs: number | undefined): void;
  /** How many are owed, of them refused for good, and since when the oldest is (milliseconds since the epoch). */
  summary(): {
    readonly outstanding: number;
    readonly rejected: number;
    readonly oldestSince: number | undefined;
  };
}

interface Owed {
  entry: OutboxEntry;
  notBefore: number;
  failures: number;
  firstTriedAt: number | undefined;
}

/** A queue that knows a destination's limits: spacing, hourly budget, cadence of pending texts, records per context. */
export function createOwedQueue(name: string, limits: ReporterLimits, clock: Clock): OwedQueue {
  const owed = new Map<string, Owed>();
  const lastWrite = new Map<string, number>();
  const budget = createWriteBudget(limits.writesPerHour, limits.minIntervalMs);
  const readyAt = (item: Owed): number => {
    const last = deliveryOf(item.entry, name);
    if (isSuppressed(item.entry.item, last, limits.recordsPerContext)) return Number.POSITIVE_INFINITY;
    const due =
      (lastWrite.get(item.entry.key) ?? Number.NEGATIVE_INFINITY) + waitAfterLast(item.entry.item, last);
    return Math.max(item.notBefore, due, budget.readyAt(carriesVerdict(item.entry.item)));
  };
  return {
    consider(entry) {
      if (!lastWrite.has(entry.key)) recallWrite(lastWrite, entry, deliveryOf(entry, name), clock);
      if (isOwed(entry, name)) owed.set(entry.key, renew(owed.get(entry.key), entry));
      else owed.delete(entry.key);
    },
    drop(key) {
      owed.delete(key);
      lastWrite.delete(key);
    },
    isNewest: (entry) => owed.get(entry.key)?.entry === entry,
    next: () => pickNext(owed, readyAt, clock.monotonic()),
    began(key) {
      const now = clock.monotonic();
      budget.record(now);
      lastWrite.set(key, now);
      const item = owed.get(key);
      if (item) item.firstTriedAt ??= now;
      return { failures: item?.failures ?? 0, age: now - (item?.firstTriedAt ?? now) };
    },
    failed(key, delayMs) {
      const item = owed.get(key);
      if (!item) return;
      item.failures += 1;
      item.notBefore = delayMs === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + delayMs;
    },
    summary: () => summarise(owed),
  };
}

function deliveryOf(entry: OutboxEntry, name: string): Delivery {
  return entry.deliveries[name] ?? notDelivered;
}

/** A changed text ends a refusal, but not a wait that the commit itself is the reason for. */
function renew(known: Owed | undefined, entry: OutboxEntry): Owed {
  if (!known) return { entry, notBefore: 0, failures: 0, firstTriedAt: undefined };
  const isNew = fingerprintOf(known.entry.item) !== fingerprintOf(entry.item);
  if (isNew && known.notBefore === Number.POSITIVE_INFINITY) known.notBefore = 0;
  known.entry = entry;
  return known;
}

/** After a restart the time of the last write is known by the wall clock only, which may have jumped. */
function recallWrite(lastWrite: Map<string, number>, entry: OutboxEntry, last: Delivery, clock: Clock): void {
  if (last.posts === 0) return;
  lastWrite.set(entry.key, clock.monotonic() - Math.max(0, clock.now() - last.at));
}

function pickNext(
  owed: ReadonlyMap<string, Owed>,
  readyAt: (item: Owed) => number,
  now: number,
): ReturnType<OwedQueue['next']> {
  let best: { entry: OutboxEntry; readyAt: number } | undefined;
  for (const item of owed.values()) {
    const at = Math.max(now, readyAt(item));
    if (at === Number.POSITIVE_INFINITY) continue;
    const isEarlier =
      !best || at < best.readyAt || (at === best.readyAt && item.entry.sequence < best.entry.sequence);
    if (isEarlier) best = { entry: item.entry, readyAt: at };
  }
  return best;
}

function summarise(owed: ReadonlyMap<string, Owed>): ReturnType<OwedQueue['summary']> {
  let rejected = 0;
  let oldestSince: number | undefined;
  for (const { entry, notBefore } of owed.values()) {
    if (notBefore === Number.POSITIVE_INFINITY) rejected += 1;
    oldestSince = Math.min(oldestSince ?? entry.since, entry.since);
  }
  return { outstanding: owed.size, rejected, oldestSince };
}
