import { parentPort } from 'node:worker_threads';
import { type Port, serveEngine } from '../store/index.ts';

if (!parentPort) throw new Error('store-worker runs in a worker thread only');
serveEngine(parentPort as Port);
