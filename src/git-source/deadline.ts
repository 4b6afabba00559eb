import type { MusterError } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';

/** Runs `work` with a signal that also fires after `ms`; rejects with `late()` then, and with the caller's reason on abort. */
export async function withDeadline<T>(
  options: {
    readonly clock: Clock;
    readonly ms: number;
    readonly signal: AbortSignal;
    readonly late: () => MusterError;
  },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, ms, signal, late } = options;
  signal.throwIfAborted();
  const timer = new AbortController();
  const cancel = clock.after(ms, () => timer.abort(late()));
  const both = AbortSignal.any([signal, timer.signal]);
  try {
    return await rejectOnAbort(both, work(both));
  } finally {
    cancel();
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it fires. */
export function rejectOnAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
