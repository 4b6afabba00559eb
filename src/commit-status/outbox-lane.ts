import type { Cancel, Clock } from '../runtime/index.ts';
import { createDelivery, type DeliveryDeps } from './deliver-entry.ts';
import { createLaneHealth, type DestinationProblem, type DestinationStatus } from './lane-health.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { createOwedQueue } from './owed-queue.ts';

/** How one destination fares, for readiness and the page. */
export interface DestinationState {
  readonly name: string;
  readonly status: DestinationStatus;
  /** Items that it still has to be told. */
  readonly outstanding: number;
  /** Of them, those that it refuses until their text changes. */
  readonly rejected: number;
  /** Milliseconds since the epoch since which the oldest waits. */
  readonly oldestSince: number | undefined;
  readonly problem: DestinationProblem | undefined;
}

/** Delivers what is owed to one destination: one item at a time, oldest first, within its limits. */
export interface OutboxLane {
  consider(entry: OutboxEntry): void;
  drop(key: string): void;
  state(): DestinationState;
  /** Starts nothing more; the delivery under way may end, and is aborted after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** What a lane is made of, but for what it makes itself. */
export type LaneDeps = Omit<DeliveryDeps, 'queue' | 'health' | 'signal'> & { readonly clock: Clock };

/** A lane that is moved by its own timers and by `consider`. */
export function createOutboxLane(deps: LaneDeps): OutboxLane {
  const { destination, clock } = deps;
  const logger = deps.logger.child({ destination: destination.name });
  const queue = createOwedQueue(destination.name, destination.limits, clock);
  const health = createLaneHealth(clock, logger);
  const abort = new AbortController();
  const deliver = createDelivery({ ...deps, logger, queue, health, signal: abort.signal });
  let timer: Cancel | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const pump = () => {
    timer?.();
    timer = undefined;
    const next = running || isClosed ? undefined : queue.next();
    if (!next) return;
    const waitMs = Math.max(next.readyAt, health.pausedUntil()) - clock.monotonic();
    if (waitMs > 0) {
      timer = clock.after(waitMs, pump);
      return;
    }
    running = deliver(next.entry, () => isClosed).finally(() => {
      running = undefined;
      pump();
    });
  };
  return {
    consider(entry) {
      queue.consider(entry);
      pump();
    },
    drop: queue.drop,
    state: () => ({
      name: destination.name,
      status: health.status(),
      problem: health.problem(),
      ...queue.summary(),
    }),
    async close(graceMs) {
      isClosed = true;
      timer?.();
      const cancel = clock.after(graceMs, () => abort.abort());
      await running;
      cancel();
    },
  };
}
