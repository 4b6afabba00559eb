import { MusterError } from '../../model/index.ts';
import { type Call, fromSent, type Reply, type Request } from './protocol.ts';

/** This side's view of a thread; Node's `Worker` is one. */
export interface Thread {
  postMessage(request: Request): void;
  on(event: 'message', listener: (reply: Reply) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

/** Calls to one thread, answered in any order. */
export interface ThreadLink {
  /** Rejects with the thread's error, or with `STORE_UNAVAILABLE` where it died. */
  call(call: Call): Promise<unknown>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A link to a running thread; `onGone` is called once, when it ends for whatever reason. */
export function createThreadLink(thread: Thread, onGone: () => void): ThreadLink {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let gone: MusterError | undefined;

  function end(reason: string): void {
    if (gone) return;
    gone = threadGone(reason);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
    onGone();
  }

  thread.on('message', (reply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) call?.reject(fromSent(reply.error));
    else call?.resolve(reply.value);
  });
  thread.on('error', (error) => end(error.message));
  thread.on('exit', (code) => end(`exit code ${code}`));

  return {
    call(call) {
      if (gone) return Promise.reject(gone);
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        thread.postMessage({ id, call });
      });
    },
  };
}

/** The failure of all that a thread owed when it ended. */
export function threadGone(reason: string): MusterError {
  return new MusterError('STORE_UNAVAILABLE', `a thread of the store ended: ${reason}`, {
    disposition: 'transient',
  });
}
