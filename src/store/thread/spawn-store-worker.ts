import { Worker } from 'node:worker_threads';
import type { Thread } from './thread-link.ts';

/** Starts the store's thread. */
export function spawnStoreWorker(): Thread {
  // Threads run built code; from the sources (in tests) the build beside them is used.
  const built = import.meta.url.endsWith('.ts') ? '../../../dist/workers/' : '../../workers/';
  return new Worker(new URL(`${built}store-worker.js`, import.meta.url), { name: 'store' });
}
