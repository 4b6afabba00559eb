import { parentPort } from 'node:worker_threads';
import { createEntryReceiver, type Snapshot } from '../model/index.ts';
import { createConfigWork } from './config-engine.ts';
import type { ConfigAnswer, ConfigCall } from './config-protocol.ts';
import { createSnapshotSender } from './snapshot-transfer.ts';

if (!parentPort) throw new Error('config-worker runs in a worker thread only');
const port = parentPort;
const work = createConfigWork();
const sender = createSnapshotSender();
const receiver = createEntryReceiver();

port.on('message', (call: ConfigCall) => port.postMessage(answer(call)));

function answer(call: ConfigCall): ConfigAnswer {
  try {
    const run = work[call.name] as (...args: readonly unknown[]) => unknown;
    const value = run(...argumentsOf(call));
    if (call.name !== 'load' && call.name !== 'borrow') return { id: call.id, ok: true, value };
    return { id: call.id, ok: true, value: sender.pack(value as Snapshot) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { id: call.id, ok: false, message, stack };
  }
}

function argumentsOf({ args, entries }: ConfigCall): readonly unknown[] {
  if (!entries) return args;
  const [content, ...others] = args as readonly [object, ...unknown[]];
  return [{ ...content, entries: receiver.unpack(entries) }, ...others];
}
