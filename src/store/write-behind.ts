import { type InstanceUid, isMusterError, MusterError } from '../model/index.ts';
import { type Cancel, type Clock, computeBackoff, type Logger } from '../runtime/index.ts';
import type { Batch, Engine, Mutation } from './engine.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { RosterRow, StoredEvent } from './rows.ts';
import type { StoreState } from './store.ts';
import { storeClosed } from './store-closed.ts';

export interface WriteBehindDeps {
  readonly engine: Engine;
  readonly pending: PendingWrites;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

export interface WriteBehindOptions {
  /** Lazy writes reach the engine within this many milliseconds. */
  readonly flushMs: number;
  /** What `state().notice` says from the start. */
  readonly notice: string | undefined;
}

/** Carries pending writes to the engine, one batch at a time, and goes on trying while it fails. */
export interface WriteBehind {
  /** Resolves once durable, or at once while degraded; rejects where the engine refuses the value for good. */
  write(mutation: Mutation): Promise<void>;
  /** A roster row (undefined: removed), written within the flush interval. */
  writeLater(uid: InstanceUid, row: RosterRow | undefined): void;
  append(event: StoredEvent): void;
  /** Resolves when everything handed over so far is written; rejects with what hinders it. */
  flush(): Promise<void>;
  state(): StoreState;
  /** Stops trying; what is pending stays pending. */
  stop(): void;
}

interface Failure {
  readonly since: number;
  readonly error: Error;
  readonly attempts: number;
}

const retry = { initialMs: 500, maxMs: 30_000 };
/** A commit that takes longer counts as failing: nobody waits for a disk that hangs. */
const hangingMs = 10_000;

/** A write-behind over `engine`; nothing is scheduled until the first write. */
export function createWriteBehind(deps: WriteBehindDeps, options: WriteBehindOptions): WriteBehind {
  const { engine, pending, clock, random, logger } = deps;
  let running: Promise<void> | undefined;
  let lazyDue = false;
  let timer: Cancel | undefined;
  let failure: Failure | undefined;
  let notice = options.notice;
  let dropped = 0;
  let stopped = false;

  function arm(ms: number): void {
    if (timer || stopped) return;
    timer = clock.after(ms, () => {
      timer = undefined;
      lazyDue = true;
      void drain();
    });
  }

  function drain(): Promise<void> {
    if (!running && pending.size() > 0) running = run();
    return running ?? Promise.resolve();
  }

  async function run(): Promise<void> {
    // One turn later, writes of the same moment share a transaction.
    await Promise.resolve();
    try {
      for (let batch = pending.next(lazyDue); batch; batch = pending.next(lazyDue)) await commit(batch);
      lazyDue = false;
    } catch (error) {
      degrade(error instanceof Error ? error : new Error(String(error)));
    } finally {
      running = undefined;
    }
  }

  async function commit(batch: Batch): Promise<void> {
    const inTime = clock.after(hangingMs, () => fail(hanging(), failure?.attempts ?? 0));
    try {
      await engine.commit(batch);
      pending.settle(batch);
    } catch (error) {
      if (!isMusterError(error, 'STORE_VALUE_REFUSED')) throw error;
      await isolate(batch, error);
    } finally {
      inTime();
    }
    recover();
  }

  async function isolate(batch: Batch, error: MusterError): Promise<void> {
    const halves = splitBatch(batch);
    for (const half of halves) await commit(half);
    if (halves.length > 0) return;
    dropped += 1;
    pending.settle(batch, error);
    logger.error({ code: error.code, kind: batch.mutations[0]?.kind ?? 'event' }, 'store refused a value');
  }

  function fail(error: Error, attempts: number): void {
    if (!failure) logger.warn({ reason: error.message }, 'store degraded; going on from memory');
    failure = { since: failure?.since ?? clock.now(), error, attempts };
    pending.release();
  }

  function degrade(error: Error): void {
    const attempts = failure?.attempts ?? 0;
    fail(error, attempts + 1);
    if (isMusterError(error, 'STORE_CORRUPT')) {
      notice = error.message;
      pending.forgetWritten();
    }
    arm(computeBackoff(attempts, retry, random));
  }

  function recover(): void {
    if (!failure) return;
    logger.info({ waiting: pending.size() }, 'store recovered');
    failure = undefined;
  }

  async function write(mutation: Mutation): Promise<void> {
    if (stopped) throw storeClosed();
    if (failure && pending.full()) throw failure.error;
    const settled = pending.addUrgent(mutation);
    if (failure) pending.release();
    else void drain();
    return settled;
  }

  function accept(accepted: boolean): void {
    if (!accepted) dropped += 1;
    arm(options.flushMs);
  }

  async function flush(): Promise<void> {
    lazyDue = true;
    await drain();
    if (failure) throw failure.error;
  }

  return {
    write,
    writeLater: (uid, row) => accept(pending.addRow(uid, row)),
    append: (event) => accept(pending.addEvent(event)),
    flush,
    state: () => ({
      status: failure ? 'degraded' : 'ok',
      ...(failure && { since: failure.since, reason: failure.error.message }),
      ...(notice !== undefined && { notice }),
      waiting: pending.size(),
      dropped,
    }),
    stop() {
      stopped = true;
      timer?.();
    },
  };
}

function hanging(): MusterError {
  return new MusterError('STORE_UNAVAILABLE', 'the store does not answer: its disk hangs', {
    disposition: 'transient',
  });
}

function splitBatch({ mutations, events, durable }: Batch): readonly Batch[] {
  if (mutations.length + events.length < 2) return [];
  if (mutations.length === 0 || events.length === 0) {
    const [m, e] = [Math.ceil(mutations.length / 2), Math.ceil(events.length / 2)];
    return [
      { mutations: mutations.slice(0, m), events: events.slice(0, e), durable },
      { mutations: mutations.slice(m), events: events.slice(e), durable },
    ];
  }
  return [
    { mutations, events: [], durable },
    { mutations: [], events, durable },
  ];
}
