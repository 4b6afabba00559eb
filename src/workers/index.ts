export { createConfigWork } from './config-engine.ts';
export { lintInThreads, type ThreadedLint } from './lint-in-threads.ts';
export { startConfigEngine, type ThreadedConfigEngine } from './start-config-engine.ts';
