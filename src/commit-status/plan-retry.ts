import { type Disposition, isMusterError } from '../model/index.ts';
import { type BackoffOptions, computeBackoff } from '../runtime/index.ts';
import { hostErrorCodes as codes } from './host-error.ts';

/** What to do after a failed delivery. */
export interface RetryPlan {
  /** Milliseconds before the item is tried again, the pause aside; undefined where only another text can help. */
  readonly itemDelayMs: number | undefined;
  /** Milliseconds for which the whole destination pauses; 0 where only the item is at fault. */
  readonly pauseMs: number;
  readonly disposition: Disposition;
}

export interface FailureFacts {
  readonly error: unknown;
  /** Failures of this item in a row, this one not counted. */
  readonly itemFailures: number;
  /** Failures of the destination in a row, whatever the item, this one not counted. */
  readonly destinationFailures: number;
  /** Milliseconds since the item was first tried. */
  readonly age: number;
  readonly stalledRetryMs: number;
}

/** A commit may take this long to appear on every node of a host after a push. */
const settleAfterPushMs = 60_000;

const network: BackoffOptions = { initialMs: 1_000, maxMs: 120_000 };
const throttled: BackoffOptions = { initialMs: 60_000, maxMs: 3_600_000, jitter: 0 };
const afterPush: BackoffOptions = { initialMs: 2_000, maxMs: 15_000 };
const perItem: BackoffOptions = { initialMs: 2_000, maxMs: 120_000 };

/**
 * How to go on after a failure, by its code and disposition (git-hosts.md, "Errors"). While the destination itself
 * is away its items keep their order; where an item may be the cause, the others come first. `random` is in [0, 1).
 */
export function planRetry(facts: FailureFacts, random: () => number): RetryPlan {
  const { error, itemFailures, age, stalledRetryMs } = facts;
  const itemDelayMs = computeBackoff(itemFailures, perItem, random);
  if (!isMusterError(error)) return forItem('defect', itemDelayMs);
  const asked = error.retryAfterMs ?? 0;
  switch (error.code) {
    case codes.notFound:
      if (age >= settleAfterPushMs) return forItem('stalled', stalledRetryMs);
      return forItem('transient', computeBackoff(itemFailures, afterPush, random));
    case codes.rejected:
    case codes.full:
      return forItem(error.disposition, undefined);
    case codes.conflict:
    case codes.sameState:
      return forItem('transient', Math.max(asked, itemDelayMs));
  }
  if (error.disposition === 'defect') return forItem('defect', itemDelayMs);
  const pauseMs = pauseFor(error.disposition, facts, asked, random);
  return isAway(error.code)
    ? { itemDelayMs: 0, pauseMs, disposition: error.disposition }
    : { itemDelayMs: pauseMs + itemDelayMs, pauseMs, disposition: error.disposition };
}

/** Whether the code tells of the destination as a whole, so that no item can be the cause. */
function isAway(code: string): boolean {
  return code.startsWith('STATUS_') && code !== codes.hostFault;
}

function pauseFor(
  disposition: Exclude<Disposition, 'defect'>,
  facts: FailureFacts,
  asked: number,
  random: () => number,
): number {
  switch (disposition) {
    case 'transient':
      return Math.max(asked, computeBackoff(facts.destinationFailures, network, random));
    case 'waiting':
      return asked > 0 ? asked : computeBackoff(facts.destinationFailures, throttled, random);
    case 'stalled':
      return Math.max(asked, facts.stalledRetryMs);
  }
}

function forItem(disposition: Disposition, itemDelayMs: number | undefined): RetryPlan {
  return { itemDelayMs, pauseMs: 0, disposition };
}
