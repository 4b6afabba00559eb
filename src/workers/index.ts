export { createConfigWork } from './config-engine.ts';
export { lintInThreads, type ThreadedLint } from './lint-in-threads.ts';
export { startOwnRelay } from './relays/own-relay.ts';
export { drainLimitMs, type Relays, type RelayTarget } from './relays/ports.ts';
export { startWorkerRelays } from './relays/worker-relays.ts';
export { startConfigEngine, type ThreadedConfigEngine } from './start-config-engine.ts';
