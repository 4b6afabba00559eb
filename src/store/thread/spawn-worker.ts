import { Worker } from 'node:worker_threads';

/** Starts one of the store's threads: the one that writes, or the one that keeps the lease. */
export function spawnWorker(name: 'store' | 'lease'): Worker {
  // Threads run built code; from the sources (in tests) the build beside them is used.
  const built = import.meta.url.endsWith('.ts') ? '../../../dist/workers/' : '../../workers/';
  return new Worker(new URL(`${built}${name}-worker.js`, import.meta.url), { name });
}
