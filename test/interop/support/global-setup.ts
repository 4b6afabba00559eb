import type { TestProject } from 'vitest/node';
import { buildGoPeers, findMissingGo, type GoPeers } from './go-peers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    peers: GoPeers;
  }
}

/** Ends the run with status 2 and one line where Go is missing; otherwise builds the peers and provides their paths. */
export default async function setup(project: TestProject): Promise<void> {
  const missing = await findMissingGo();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    process.exit(2);
  }
  process.stderr.write('Foreign peers: built once, which takes some ten minutes on a cold cache\n');
  project.provide('peers', await buildGoPeers());
}
