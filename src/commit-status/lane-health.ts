import { isMusterError } from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import type { RetryPlan } from './plan-retry.ts';

/** What keeps a destination from being told. Times are milliseconds since the epoch. */
export interface DestinationProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly since: number;
  /** Undefined where only another text can help. */
  readonly retryAt: number | undefined;
}

export type DestinationStatus = 'ok' | 'retrying' | 'waiting' | 'stalled';

/** Remembers how a destination fares as a whole, and logs each turn once. */
export interface LaneHealth {
  /** Monotonic time before which nothing is sent. */
  pausedUntil(): number;
  /** Failures in a row. */
  failures(): number;
  succeeded(): void;
  failed(error: unknown, plan: RetryPlan): void;
  status(): DestinationStatus;
  problem(): DestinationProblem | undefined;
}

/** Health of one destination, good at first. */
export function createLaneHealth(clock: Clock, logger: Logger): LaneHealth {
  let failures = 0;
  let pausedUntil = 0;
  let status: DestinationStatus = 'ok';
  let problem: DestinationProblem | undefined;
  return {
    pausedUntil: () => pausedUntil,
    failures: () => failures,
    status: () => status,
    problem: () => problem,
    succeeded() {
      if (problem)
        logger.info({ code: problem.code, since: problem.since }, 'destination takes reports again');
      failures = 0;
      pausedUntil = 0;
      status = 'ok';
      problem = undefined;
    },
    failed(error, plan) {
      failures += 1;
      if (plan.pauseMs === 0 && plan.disposition === 'transient') return;
      const { code, message, hint } = describeError(error);
      const delayMs = plan.pauseMs > 0 ? plan.pauseMs : plan.itemDelayMs;
      const level = plan.disposition === 'transient' || plan.disposition === 'waiting' ? 'warn' : 'error';
      if (problem?.code !== code) logger[level]({ code, hint, delayMs }, message);
      pausedUntil = clock.monotonic() + plan.pauseMs;
      status = statusOf(plan);
      const retryAt = delayMs === undefined ? undefined : clock.now() + delayMs;
      problem = { code, message, hint, since: problem?.since ?? clock.now(), retryAt };
    },
  };
}

function statusOf({ disposition }: RetryPlan): DestinationStatus {
  switch (disposition) {
    case 'transient':
      return 'retrying';
    case 'waiting':
      return 'waiting';
    case 'stalled':
    case 'defect':
      return 'stalled';
  }
}

/**
 * Code, message and hint of a failure. The message of an error that is not ours is left out: nobody has vouched
 * that it holds no secret.
 */
export function describeError(error: unknown): { code: string; message: string; hint: string | undefined } {
  if (isMusterError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: 'STATUS_UNEXPECTED',
    message: error instanceof Error ? error.name : 'unknown error',
    hint: undefined,
  };
}
