import type { Clock, Logger } from '../../runtime/index.ts';
import { storeClosed } from '../store-closed.ts';
import { addressOf, type Lease, type LeaseRow } from './lease.ts';

export interface StandByDeps {
  readonly lease: Pick<Lease, 'look' | 'take'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called once, where another process leads. */
  readonly onStandby?: (() => void) | undefined;
  /** Called at each look with where the leader is reached; undefined where nobody leads, or cannot be reached. */
  readonly onLeader?: ((address: string | undefined) => void) | undefined;
  /** Whether this process does anything: one that hangs takes no lease. */
  readonly isAlive?: () => boolean;
}

export interface StandByOptions {
  /** For how long a leader counts from its last renewal, in milliseconds. */
  readonly leaseMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** A term that this process leads under; `takenAt` is monotonic and before it was taken. */
export interface TakenTerm {
  readonly term: number;
  readonly takenAt: number;
}

const lookEveryMs = 1_000;
/** Whoever could not look for longer knows nothing of what the leader could do meanwhile. */
const maxGapMs = 2_500;

/**
 * Resolves once this process leads: at once where nobody does, else when the leader's beat has stood still for a whole
 * lease in which this process could look all the time. No clock but its own counts, and after an outage the leader has
 * its chance to go on. Throws `STORE_CLOSED` where `signal` ends it.
 */
export async function standBy(
  { lease, clock, logger, onStandby, onLeader, isAlive = () => true }: StandByDeps,
  { leaseMs, signal }: StandByOptions,
): Promise<TakenTerm> {
  let seen: { readonly row: LeaseRow; readonly since: number; last: number } | undefined;
  let isTold = false;

  async function attempt(): Promise<TakenTerm | undefined> {
    const asked = clock.monotonic();
    const row = await lease.look();
    const now = clock.monotonic();
    // It was so at some time before the answer; counted is from the answer.
    const isSame = seen && isSameRow(seen.row, row) && now - seen.last <= maxGapMs;
    seen = isSame && seen ? { ...seen, last: now } : { row, since: now, last: now };
    onLeader?.(addressOf(row));
    const mayTake = row.holder === '' || asked - seen.since >= leaseMs;
    if (!mayTake || !isAlive()) return undefined;
    const takenAt = clock.monotonic();
    const term = await lease.take(row);
    return term === undefined ? undefined : { term, takenAt };
  }

  for (;;) {
    if (signal?.aborted) throw storeClosed();
    const taken = await attempt().catch((error: Error) => {
      logger.debug({ reason: error.message }, 'the leadership could not be asked for');
      seen = undefined;
      return undefined;
    });
    if (taken) return taken;
    if (!isTold) onStandby?.();
    isTold = true;
    await pause(clock, lookEveryMs, signal);
  }
}

function isSameRow(a: LeaseRow, b: LeaseRow): boolean {
  return a.term === b.term && a.holder === b.holder && a.beat === b.beat;
}

/** Resolves after `ms`, or when `signal` aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
