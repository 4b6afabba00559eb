import { isMusterError, MusterError } from '../model/index.ts';
import { type BackoffOptions, type Clock, computeBackoff, type Logger } from '../runtime/index.ts';
import type { Destination } from './destination.ts';
import type { Notice } from './notice.ts';
import type { PostPayload } from './post-payload.ts';

/** Delivers notices to one destination, one at a time and in order. */
export interface DeliveryLane {
  add(notice: Notice): void;
  /** Starts no attempt any more and aborts the one under way after `graceMs`; what waits is lost. */
  close(graceMs: number): Promise<void>;
}

export interface LaneOptions {
  /** Notices that wait at most; beyond, the oldest goes. */
  readonly maxWaiting: number;
  readonly maxAttempts: number;
  readonly backoff: BackoffOptions;
  /** Milliseconds between two notices: Slack takes one a second. */
  readonly gapMs: number;
}

export interface LaneDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  readonly post: PostPayload;
}

/** A lane with nothing to deliver. */
export function createDeliveryLane(
  destination: Destination,
  { maxWaiting, maxAttempts, backoff, gapMs }: LaneOptions,
  { clock, random, post, ...deps }: LaneDeps,
): DeliveryLane {
  const logger = deps.logger.child({ destination: destination.name });
  const stop = new AbortController();
  const abort = new AbortController();
  const waiting: Notice[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let next = waiting.shift(); next; next = stop.signal.aborted ? undefined : waiting.shift()) {
      await deliver(next);
      await pause(clock, gapMs, stop.signal);
    }
  }

  async function deliver(notice: Notice): Promise<void> {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      const fault = await tryOnce(notice);
      if (!fault) return;
      const isLast = fault.disposition === 'stalled' || attempt + 1 >= maxAttempts;
      const { code, message, hint } = fault;
      const said = isLast ? 'a notification could not be delivered' : 'a notification is tried again';
      logger.warn({ code, reason: message, hint, kind: notice.kind, attempt: attempt + 1 }, said);
      if (isLast) return;
      await pause(clock, fault.retryAfterMs ?? computeBackoff(attempt, backoff, random), stop.signal);
    }
  }

  async function tryOnce(notice: Notice): Promise<MusterError | undefined> {
    try {
      await post(destination.url, destination.compose(notice, clock.now()), abort.signal);
      return undefined;
    } catch (error) {
      if (isMusterError(error)) return error;
      return new MusterError('NOTIFY_FAULT', 'a notification could not be put together', {
        disposition: 'stalled',
        cause: error,
      });
    }
  }

  return {
    add(notice) {
      waiting.push(notice);
      if (waiting.length > maxWaiting) {
        const dropped = waiting.shift();
        logger.warn(
          { kind: dropped?.kind, waiting: maxWaiting },
          'too many notifications wait: one is dropped',
        );
      }
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    async close(graceMs) {
      stop.abort();
      const cancel = clock.after(graceMs, () => abort.abort());
      await running;
      cancel();
      if (waiting.length > 0) logger.warn({ waiting: waiting.length }, 'notifications are lost by the stop');
    },
  };
}

/** Resolves after `ms`, or at once when the signal aborts. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
