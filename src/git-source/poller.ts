import { type CommitSha, isMusterError, type RepoContent } from '../model/index.ts';
import { type BackoffOptions, type Clock, computeBackoff, type Logger } from '../runtime/index.ts';
import { gitErrors } from './git-errors.ts';
import type { GitSource, KnownBlobs } from './git-source.ts';

/** How polling stands. Times are milliseconds since the epoch. */
export interface PollState {
  readonly lastAttemptAt?: number;
  readonly lastSuccessAt?: number;
  /** Since when every attempt has failed; absent while all is well. */
  readonly failingSince?: number;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
  /** The last revision that `onRevision` took. */
  readonly revision?: CommitSha;
}

export interface PollerOptions {
  readonly everyMs: number;
  /** Share of `everyMs` by which each wait is shortened at random, 0 to 1, so that replicas do not poll together. */
  readonly jitter: number;
  /** Waits after failures; never shorter than a poll's own wait. */
  readonly backoff: BackoffOptions;
  /** Between the polls that requests ask for, from one's begin to the next: those that come together count as one. Default 250. */
  readonly gapMs?: number;
  /** The revision that the caller has already, after a restart: it is not read again. */
  readonly revision?: CommitSha;
}

export interface PollerDeps {
  readonly source: Pick<GitSource, 'resolve' | 'read'>;
  /** Blobs that the caller has already. */
  readonly known: KnownBlobs;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Takes a new revision; where it rejects, the revision is read and given again after a wait. */
  readonly onRevision: (content: RepoContent) => void | Promise<void>;
  readonly onState: (state: PollState) => void;
}

/** Follows a branch. */
export interface Poller {
  /** Polls if a poll is due; to be called often (each second), costs nothing otherwise. */
  tick(): void;
  /** Asks for a poll now, as a webhook does; requests that come together make one or two, refused credentials wait 15 s. */
  request(): void;
  state(): PollState;
  /** Settles when no poll is under way any more; none follows. */
  close(): Promise<void>;
}

const defaultGapMs = 250;
/** Hosts ban addresses that repeat refused credentials (GitLab: 30 in 3 minutes): webhooks must not make us do so. */
const refusedGapMs = 15_000;

function describeError(error: unknown): NonNullable<PollState['error']> {
  if (isMusterError(error)) return { code: error.code, message: error.message, hint: error.hint ?? '' };
  return { code: 'GIT_FAILED', message: String(error).slice(0, 300), hint: gitErrors.GIT_FAILED.hint };
}

function succeeded(state: PollState, revision: CommitSha, now: number): PollState {
  const { lastAttemptAt } = state;
  return { ...(lastAttemptAt === undefined ? {} : { lastAttemptAt }), lastSuccessAt: now, revision };
}

function failed(state: PollState, error: unknown, now: number): PollState {
  return { ...state, failingSince: state.failingSince ?? now, error: describeError(error) };
}

/** Milliseconds from now to the next poll after a failure. */
function waitAfterFailure(
  error: unknown,
  failures: number,
  options: PollerOptions,
  random: () => number,
): number {
  const asked = isMusterError(error) ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(computeBackoff(failures, options.backoff, random), asked, options.everyMs);
}

/** Milliseconds that a request waits: nothing, where no poll began just now. */
function waitOfRequest(state: PollState, sinceAttemptMs: number, options: PollerOptions): number {
  const refused = state.error?.code === 'GIT_AUTH' || state.error?.code === 'GIT_FORBIDDEN';
  return Math.max(0, (refused ? refusedGapMs : (options.gapMs ?? defaultGapMs)) - sinceAttemptMs);
}

/** A poller; the first `tick` polls at once. It never runs two polls together, and the newest commit wins. */
export function createPoller(deps: PollerDeps, options: PollerOptions): Poller {
  const { source, clock, random, logger } = deps;
  const stop = new AbortController();
  let state: PollState = options.revision === undefined ? {} : { revision: options.revision };
  let failures = 0;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let dueAt = clock.monotonic();
  let running: Promise<void> | undefined;
  let again = false;
  let cancelRequest: (() => void) | undefined;

  function publish(next: PollState): void {
    state = next;
    deps.onState(next);
  }

  async function poll(): Promise<CommitSha> {
    const revision = await source.resolve(stop.signal);
    if (revision !== state.revision) {
      await deps.onRevision(await source.read(revision, deps.known, stop.signal));
    }
    return revision;
  }

  async function attempt(): Promise<void> {
    attemptedAt = clock.monotonic();
    publish({ ...state, lastAttemptAt: clock.now() });
    try {
      const revision = await poll();
      failures = 0;
      dueAt = clock.monotonic() + Math.round(options.everyMs * (1 - options.jitter * random()));
      publish(succeeded(state, revision, clock.now()));
    } catch (error) {
      if (stop.signal.aborted) return;
      dueAt = clock.monotonic() + waitAfterFailure(error, failures++, options, random);
      logger.warn({ ...describeError(error), failures }, 'the fleet repo could not be read');
      publish(failed(state, error, clock.now()));
    }
  }

  function start(): void {
    if (stop.signal.aborted) return;
    again = running !== undefined;
    running ??= attempt().finally(() => {
      running = undefined;
      if (again) start();
    });
  }

  return {
    tick() {
      if (running === undefined && clock.monotonic() >= dueAt) start();
    },
    request() {
      cancelRequest ??= clock.after(waitOfRequest(state, clock.monotonic() - attemptedAt, options), () => {
        cancelRequest = undefined;
        start();
      });
    },
    state: () => state,
    async close() {
      stop.abort();
      cancelRequest?.();
      await running;
    },
  };
}
