import { MusterError } from '../../model/index.ts';
import type { Engine } from '../engine.ts';
import type { OpenedEngine } from '../sqlite/sqlite-engine.ts';
import { storeFailure } from '../sqlite/store-failure.ts';
import { openEngine } from './open-engine.ts';
import { type Call, type Reply, type Request, toSent } from './protocol.ts';

/** The thread's end of a message channel; Node's `parentPort` is one. */
export interface Port {
  on(event: 'message', listener: (request: Request) => void): unknown;
  postMessage(reply: Reply): void;
  close(): void;
}

/** Answers the requests of an `openThreadEngine` with the engine that it asks for, until it is told to close. */
export function serveEngine(port: Port): void {
  let engine: Engine | undefined;

  async function open(call: Extract<Call, { kind: 'open' }>): Promise<Omit<OpenedEngine, 'engine'>> {
    const { engine: opened, ...rest } = await openEngine(call.options);
    engine = opened;
    return rest;
  }

  function opened(): Engine {
    if (engine) return engine;
    throw new MusterError('STORE_CLOSED', 'the store is not open', { disposition: 'defect' });
  }

  async function answer(call: Call): Promise<unknown> {
    switch (call.kind) {
      case 'open':
        return open(call);
      case 'commit':
        return opened().commit(call.batch);
      case 'query':
        return opened().query(call.query);
      case 'close':
        return engine?.close();
    }
  }

  port.on('message', ({ id, call }) => {
    answer(call)
      .then(
        (value) => port.postMessage({ id, value }),
        (error: unknown) => port.postMessage({ id, error: toSent(storeFailure(error)) }),
      )
      .finally(() => call.kind === 'close' && port.close());
  });
}
