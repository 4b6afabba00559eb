import { setTimeout as sleep } from 'node:timers/promises';
import { isMusterError } from '../model/index.ts';
import type { Console } from './console.ts';

/** Times in a row that a server may be away: replicas change places, and an update restarts it. */
const usualPatience = 60;

/**
 * What `read` gives, again and again until the process is asked to end. Where nothing comes the first time, that is an
 * error; later the server is asked again, up to `patience` times in a row, which is told once.
 */
export async function* readEvery<Result>(
  console: Pick<Console, 'err' | 'signal'>,
  everyMs: number,
  read: () => Promise<Result>,
  patience = usualPatience,
): AsyncGenerator<Result, void> {
  let misses: number | undefined;
  for (;;) {
    try {
      yield await read();
      misses = 0;
    } catch (error) {
      const isPassing = isMusterError(error) && error.disposition === 'transient';
      if (!isPassing || misses === undefined || misses === patience) throw error;
      if (misses === 0) console.err(`${error.message}; it is asked again\n`);
      misses += 1;
    }
    const isOver = await sleep(everyMs, false, { signal: console.signal }).catch(() => true);
    if (isOver) return;
  }
}
