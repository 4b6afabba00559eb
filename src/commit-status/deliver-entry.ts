import type { Logger } from '../runtime/index.ts';
import type { Destination } from './destination.ts';
import { describeError, type LaneHealth } from './lane-health.ts';
import type { OutboxEntry, OutboxItem } from './outbox-entry.ts';
import type { OwedQueue, Trials } from './owed-queue.ts';
import { planRetry } from './plan-retry.ts';

export interface DeliveryDeps {
  readonly destination: Destination;
  readonly queue: OwedQueue;
  readonly health: LaneHealth;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Resolves once the entry is durable, so that a crash after the write is recognised as one. */
  readonly stored: (key: string) => Promise<void>;
  /** Called when the destination has `item`. */
  readonly onDelivered: (key: string, item: OutboxItem) => void;
  readonly signal: AbortSignal;
}

/** Sends one entry, unless it has changed or `isClosed` by the time it is durable. It never rejects. */
export type Deliver = (entry: OutboxEntry, isClosed: () => boolean) => Promise<void>;

/** Delivers entries one by one, and tells queue and health how it went. */
export function createDelivery(deps: DeliveryDeps): Deliver {
  const { destination, queue, health, signal } = deps;
  return async (entry, isClosed) => {
    const { key, item } = entry;
    await deps.stored(key);
    if (isClosed() || !queue.isNewest(entry)) return;
    const trials = queue.began(key);
    try {
      await destination.send(item, signal);
    } catch (error) {
      if (!signal.aborted) noteFailure(deps, key, error, trials);
      return;
    }
    health.succeeded();
    deps.onDelivered(key, item);
  };
}

function noteFailure(deps: DeliveryDeps, key: string, error: unknown, trials: Trials): void {
  const { destination, queue, health, logger, random } = deps;
  const plan = planRetry(
    {
      error,
      itemFailures: trials.failures,
      destinationFailures: health.failures(),
      age: trials.age,
      stalledRetryMs: destination.limits.stalledRetryMs,
    },
    random,
  );
  queue.failed(key, plan.itemDelayMs);
  health.failed(error, plan);
  if (plan.itemDelayMs === undefined)
    logger.error({ key, code: describeError(error).code }, 'refused until its text changes');
}
