import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { MusterError } from '../../model/index.ts';
import type { OpampServerOptions } from '../../opamp-server/index.ts';
import type { PeerAddress } from '../../peers/index.ts';
import type { Clock, Logger, LogLevel } from '../../runtime/index.ts';
import type { Relays } from './ports.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

export interface WorkerRelaysDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  readonly key: Uint8Array;
  /** Where the server of this process listens for relays. */
  readonly own: PeerAddress;
}

const restartMs = 1_000;

/** Starts so many socket processes on one port; one that ends is started again. Rejects where the first cannot listen. */
export async function startWorkerRelays(
  count: number,
  options: OpampServerOptions,
  { clock, logger, logLevel, key, own }: WorkerRelaysDeps,
): Promise<Relays> {
  const states = new Map<Worker, { readonly linked: boolean; readonly connections: number }>();
  let address: PeerAddress | undefined;
  let stopping = false;
  // Who accepts first has the connection: three times as fast as handing sockets around.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: workerFile() });

  const tell = (worker: Worker, message: ToWorker): void => {
    if (worker.isConnected()) worker.send(message);
  };
  function begin(worker: Worker, number: number): void {
    tell(worker, {
      kind: 'start',
      options,
      key: Buffer.from(key).toString('hex'),
      logLevel,
      worker: number,
    });
    tell(worker, { kind: 'aim', address });
  }
  function fork(number: number): Promise<string> {
    const worker = cluster.fork();
    // What is told to one that is just ending cannot be sent: its end is seen to below.
    worker.on('error', ({ message }) => logger.debug({ worker: number, reason: message }, 'it was not told'));
    worker.once('exit', (code, signal) => {
      states.delete(worker);
      if (stopping) return;
      logger.error({ worker: number, code, signal }, 'a socket process ended; another takes its place');
      clock.after(restartMs, () => {
        if (!stopping)
          fork(number).catch(({ message }) => logger.error({ reason: message }, 'it cannot listen'));
      });
    });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') begin(worker, number);
        else if (message.kind === 'listening') resolve(message.url);
        else if (message.kind === 'failed') reject(failure(message));
        else states.set(worker, message);
      });
      worker.once('exit', () => reject(new Error('a socket process ended at once')));
    });
  }

  const workers = (): Worker[] => Object.values(cluster.workers ?? {}).filter((one) => one !== undefined);
  async function end(signal: AbortSignal): Promise<void> {
    stopping = true;
    const gone = workers().map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    const kill = (): void => {
      for (const worker of workers()) worker.process.kill('SIGKILL');
    };
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    for (const worker of workers()) tell(worker, { kind: 'drain' });
    await Promise.all(gone);
  }

  try {
    // One after the other: where the port is 0, the first one's is everybody's.
    const url = await fork(1);
    for (let number = 2; number <= count; number += 1) await fork(number);
    return {
      url,
      aim(target) {
        address = target?.kind === 'own' ? own : target?.address;
        for (const worker of workers()) tell(worker, { kind: 'aim', address });
      },
      areLinked: () => [...states.values()].some(({ linked }) => linked),
      connections: () => [...states.values()].reduce((sum, { connections }) => sum + connections, 0),
      drain: end,
      close: () => end(AbortSignal.abort()),
    };
  } catch (error) {
    await end(AbortSignal.abort());
    throw error;
  }
}

function failure({ code, message, hint }: Extract<FromWorker, { kind: 'failed' }>): MusterError {
  return new MusterError(code, message, { disposition: 'stalled', hint });
}

function workerFile(): string {
  // Processes run built code; from the sources (in tests) the build beside them is used.
  const built = import.meta.url.endsWith('.ts') ? '../../../dist/workers/' : '../';
  return fileURLToPath(new URL(`${built}relay-worker.js`, import.meta.url));
}
