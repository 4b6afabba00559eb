import { parentPort } from 'node:worker_threads';
import type { Snapshot } from '../model/index.ts';
import { createConfigWork } from './config-engine.ts';
import type { ConfigAnswer, ConfigCall } from './config-protocol.ts';
import { createSnapshotSender } from './snapshot-transfer.ts';

if (!parentPort) throw new Error('config-worker runs in a worker thread only');
const port = parentPort;
const work = createConfigWork();
const sender = createSnapshotSender();

port.on('message', (call: ConfigCall) => port.postMessage(answer(call)));

function answer(call: ConfigCall): ConfigAnswer {
  try {
    const run = work[call.name] as (...args: readonly unknown[]) => unknown;
    const value = run(...call.args);
    if (call.name !== 'load' && call.name !== 'borrow') return { id: call.id, ok: true, value };
    return { id: call.id, ok: true, value: sender.pack(value as Snapshot, call.args[0]) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { id: call.id, ok: false, message, stack };
  }
}
