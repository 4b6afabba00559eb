import { rejectOnAbort } from './deadline.ts';
import { gitError } from './git-errors.ts';

/** Runs one piece of work at a time, in order. */
export interface Queue {
  /** Settles as `work` does; rejects with GIT_BUSY when too many wait, and with the signal's reason when it fires first. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** A queue in which at most `maxWaiting` wait. */
export function createQueue(maxWaiting: number): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    run(signal, work) {
      if (waiting >= maxWaiting)
        return Promise.reject(gitError('GIT_BUSY', `${waiting} Git operations wait`));
      waiting++;
      const turn = tail.then(() => {
        waiting--;
        signal.throwIfAborted();
        return work();
      });
      tail = turn.catch(() => {});
      return rejectOnAbort(signal, turn);
    },
  };
}
