import type { MessagePort } from 'node:worker_threads';
import { createEntrySender } from '../model/index.ts';
import { createSystemClock, type Logger } from '../runtime/index.ts';
import type { BlobBatch } from './engine.ts';
import { type EngineSpec, openGitEngine } from './open-engine.ts';
import {
  type FromWorker,
  packAnswer,
  type Request,
  runRequest,
  type ToWorker,
  toPlainError,
} from './worker-protocol.ts';

function createPortLogger(send: (message: FromWorker) => void): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) =>
    send({ kind: 'log', level, fields, message });
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

/** The buffers of a batch of blobs, which are moved to the other thread instead of copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const { blobs } = (result ?? {}) as Partial<BlobBatch>;
  return blobs === undefined ? [] : [...blobs.values()].map((body) => body.buffer as ArrayBuffer);
}

/** The worker's side: answers requests from `port` with an engine of its own until the port closes. */
export function serveGitWorker(port: MessagePort, spec: EngineSpec): void {
  const send = (message: FromWorker): void => port.postMessage(message);
  const running = new Map<number, AbortController>();
  const sender = createEntrySender();
  const deps = { clock: createSystemClock(), logger: createPortLogger(send), random: Math.random };
  const engine = openGitEngine(spec, deps);

  async function answer(request: Request): Promise<void> {
    const controller = new AbortController();
    running.set(request.id, controller);
    try {
      const result = await runRequest(engine, request, controller.signal);
      port.postMessage(packAnswer(request.id, result, sender) satisfies FromWorker, buffersOf(result));
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
      if (cause !== undefined)
        deps.logger.debug({ operation: request.operation, cause }, 'a Git call failed');
      send({ kind: 'error', id: request.id, error: toPlainError(error) });
    } finally {
      running.delete(request.id);
    }
  }

  port.on('message', (message: ToWorker) => {
    if (message.operation === 'cancel') running.get(message.id)?.abort();
    else void answer(message);
  });
}
