import type { PollState } from '../git-source/index.ts';
import type { FleetEvent } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';

export interface SourceWatchDeps {
  readonly clock: Clock;
  /** Milliseconds between two polls. */
  readonly everyMs: number;
  readonly onEvent: (event: FleetEvent) => void;
}

/** Polls that may fail before somebody should know. */
const patience = 3;

/** Faults of the revision itself, which no patience mends. */
const refusals: ReadonlySet<string> = new Set(['GIT_UNVERIFIED', 'GIT_TOO_LARGE', 'GIT_PATH_MISSING']);

/**
 * Leaves an event when the fleet repo has not been read for longer than three polls, or at once when a revision is
 * refused, and one when it is read again. To be called with every state of the poller.
 */
export function createSourceWatch({ clock, everyMs, onEvent }: SourceWatchDeps): (state: PollState) => void {
  let stalledAs: 'refused' | 'unread' | undefined;
  return ({ failingSince, error }) => {
    if (failingSince === undefined) {
      if (stalledAs !== undefined)
        onEvent({ at: clock.now(), kind: 'source-recovered', message: 'it is read again' });
      stalledAs = undefined;
      return;
    }
    const code = error?.code ?? 'GIT_FAILED';
    const as = refusals.has(code) ? 'refused' : 'unread';
    const isDue = as === 'refused' || clock.now() - failingSince > patience * everyMs;
    if (stalledAs === as || !isDue) return;
    stalledAs = as;
    const what = as === 'refused' ? 'a revision is refused' : `not read for longer than ${patience} polls`;
    onEvent({
      at: clock.now(),
      kind: 'source-stalled',
      message: `${what} (${code}); what is in force stays`,
    });
  };
}
