import { schedule } from 'node-cron';
import type { Logger } from './logger.ts';

export interface Schedule {
  stop(): Promise<void>;
}

/** Calls `onTick` once a second; whoever is ticked decides by its own clock what is due. Errors of `onTick` are its own to handle. */
export function startTicks(onTick: () => void, logger: Logger): Schedule {
  const task = schedule('* * * * * *', onTick, { noOverlap: true, logger: cronLogger(logger) });
  return {
    async stop() {
      await task.destroy();
    },
  };
}

/** A busy second may miss its tick: the next one makes up for it. */
function cronLogger(logger: Logger) {
  const note = (message: string | Error) => logger.debug({ cron: String(message) }, 'ticks');
  return { info: note, warn: note, error: note, debug: note };
}
