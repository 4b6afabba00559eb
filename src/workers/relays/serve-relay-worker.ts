import { isMusterError } from '../../model/index.ts';
import { createLogger, createSystemClock } from '../../runtime/index.ts';
import { startOwnRelay } from './own-relay.ts';
import { drainLimitMs, type Relays } from './ports.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** The process as its relay sees it. */
export interface WorkerProcess {
  send?(message: FromWorker): unknown;
  on(event: 'message', listener: (message: ToWorker) => void): unknown;
  on(event: 'disconnect' | 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

const tellEveryMs = 500;

/** Holds agents' sockets for the process that started this one, until that is gone or says so. */
export function serveRelayWorker(own: WorkerProcess): void {
  const clock = createSystemClock();
  const tell = (message: FromWorker): void => void own.send?.(message);
  let relays: Promise<Relays> | undefined;

  async function start({
    options,
    key,
    logLevel,
    worker,
  }: Extract<ToWorker, { kind: 'start' }>): Promise<Relays> {
    const logger = createLogger(logLevel).child({ part: 'relay', worker });
    const deps = { clock, logger, random: Math.random, key: Buffer.from(key, 'hex') };
    const started = await startOwnRelay(options, deps);
    tell({ kind: 'listening', url: started.url });
    const repeat = (): void => {
      tell({ kind: 'state', linked: started.areLinked(), connections: started.connections() });
      clock.after(tellEveryMs, repeat);
    };
    repeat();
    return started;
  }

  async function drain(): Promise<void> {
    await (await relays?.catch(() => undefined))?.drain(AbortSignal.timeout(drainLimitMs));
    own.exit(0);
  }

  own.on('message', (message) => {
    if (message.kind === 'start') {
      relays = start(message);
      relays.catch((error: Error) => {
        const { code, hint = '' } = isMusterError(error) ? error : { code: 'INTERNAL' };
        tell({ kind: 'failed', code, message: error.message, hint });
      });
    } else if (message.kind === 'aim') {
      const { address } = message;
      void relays?.then(
        (one) => one.aim(address && { kind: 'peer', address }),
        () => {},
      );
    } else void drain();
  });
  // Whoever stops the service tells the first process, which tells this one.
  own.on('SIGTERM', () => {});
  own.on('SIGINT', () => {});
  own.on('disconnect', () => own.exit(0));
  tell({ kind: 'ready' });
}
