import { Worker } from 'node:worker_threads';
import { createEntryReceiver, type EntryReceiver } from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import type { GitClient } from './git-client.ts';
import { gitError } from './git-errors.ts';
import { type EngineSpec, transferFactor } from './open-engine.ts';
import { createPendingCalls } from './pending-calls.ts';
import type { Call } from './transport.ts';
import {
  type FromWorker,
  fromPlainError,
  type Operation,
  type ToWorker,
  unpackAnswer,
} from './worker-protocol.ts';

const maxPending = 256;
/** The worker bounds its own calls; one that misses its bound by so much is stuck and is replaced. */
const graceMs = 15_000;
const closeMs = 5_000;

function workerUrl(): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(
    fromSource ? '../../dist/workers/git-worker.js' : '../workers/git-worker.js',
    import.meta.url,
  );
}

/** A client that keeps one worker for this spec; the process may end while no call is under way. */
export function createWorkerClient(spec: EngineSpec, deps: { clock: Clock; logger: Logger }): GitClient {
  const { clock, logger } = deps;
  let worker: Worker | undefined;
  let lastId = 0;
  const pending = createPendingCalls(() => worker?.unref());

  function retire(reason: string): void {
    const old = worker;
    worker = undefined;
    pending.rejectAll(gitError('GIT_WORKER', `the Git worker ${reason}`));
    void old?.terminate();
  }

  function receive(message: FromWorker, entries: EntryReceiver): void {
    if (message.kind === 'log') logger[message.level](message.fields, message.message);
    else if (message.kind === 'answer') pending.resolve(message.id, unpackAnswer(message, entries));
    else pending.reject(message.id, fromPlainError(message.error));
  }

  function start(): Worker {
    const started = new Worker(workerUrl(), { workerData: spec, name: 'git' });
    const retireThis = (reason: string): void => {
      if (worker === started) retire(reason);
    };
    const entries = createEntryReceiver();
    started.on('message', (message: FromWorker) => receive(message, entries));
    started.on('error', (error) => {
      logger.error({ reason: error.message }, 'the Git worker failed');
      retireThis('failed');
    });
    started.on('exit', () => retireThis('ended'));
    worker = started;
    return started;
  }

  function send(operation: Operation, question: object, { signal, credentials }: Call): Promise<unknown> {
    const id = ++lastId;
    const target = worker ?? start();
    target.ref();
    const abort = (): void => {
      target.postMessage({ id, operation: 'cancel' } satisfies ToWorker);
      pending.reject(id, signal.reason);
    };
    const cancelTimer = clock.after(spec.timeoutMs * transferFactor + graceMs, () => retire('hangs'));
    signal.addEventListener('abort', abort, { once: true });
    target.postMessage({ id, operation, ask: question, credentials } as ToWorker);
    return pending.add(id, () => {
      cancelTimer();
      signal.removeEventListener('abort', abort);
    });
  }

  function ask(operation: Operation, question: object, call: Call): Promise<unknown> {
    if (call.signal.aborted) return Promise.reject(call.signal.reason);
    if (pending.size < maxPending) return send(operation, question, call);
    return Promise.reject(gitError('GIT_BUSY', `${pending.size} calls are under way`));
  }

  return {
    ask: ask as GitClient['ask'],
    async close() {
      if (worker === undefined) return;
      const { signal } = new AbortController();
      const patience = new Promise((resolve) => void clock.after(closeMs, () => resolve(undefined)));
      await Promise.race([ask('close', {}, { signal }).catch(() => {}), patience]);
      retire('was closed');
    },
  };
}
