import { parentPort, workerData } from 'node:worker_threads';
import { createLintWork, type LintBasis, type LintBatch } from './lint-work.ts';

if (!parentPort) throw new Error('lint-worker runs in a worker thread only');
const port = parentPort;
const lint = createLintWork(workerData as LintBasis);

port.on('message', (batch: LintBatch) => port.postMessage(lint(batch)));
