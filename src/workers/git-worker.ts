import { parentPort, workerData } from 'node:worker_threads';
import { serveGitWorker } from '../git-source/index.ts';

if (parentPort !== null) serveGitWorker(parentPort, workerData);
