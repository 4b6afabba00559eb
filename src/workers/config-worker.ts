import { parentPort } from 'node:worker_threads';
import { createConfigWork } from './config-engine.ts';
import type { ConfigAnswer, ConfigCall } from './config-protocol.ts';

if (!parentPort) throw new Error('config-worker runs in a worker thread only');
const port = parentPort;
const work = createConfigWork();

port.on('message', (call: ConfigCall) => port.postMessage(answer(call)));

function answer(call: ConfigCall): ConfigAnswer {
  try {
    const run = work[call.name] as (...args: readonly unknown[]) => unknown;
    return { id: call.id, ok: true, value: run(...call.args) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { id: call.id, ok: false, message, stack };
  }
}
