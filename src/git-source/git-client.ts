import { type EngineSpec, type OpenDeps, openGitEngine } from './open-engine.ts';
import type { Call } from './transport.ts';
import { type Operation, type Operations, type Request, runRequest } from './worker-protocol.ts';

/** Whoever answers a source's questions: the worker, or an engine in the calling thread. */
export interface GitClient {
  /** Rejects with the codes of `gitErrors`, or with the reason of the call's signal. */
  ask<K extends Operation>(
    operation: K,
    ask: Operations[K]['ask'],
    call: Call,
  ): Promise<Operations[K]['answer']>;
  /** Ends what runs; later questions start it again. */
  close(): Promise<void>;
}

/** A client without a thread, for commands that read once and end. */
export function createInlineClient(spec: EngineSpec, deps: OpenDeps): GitClient {
  let engine = openGitEngine(spec, deps);
  function ask(operation: Operation, question: object, call: Call): Promise<unknown> {
    const request = { id: 0, operation, ask: question, credentials: call.credentials } as Request;
    return runRequest(engine, request, call.signal);
  }
  return {
    ask: ask as GitClient['ask'],
    async close() {
      const old = engine;
      engine = openGitEngine(spec, deps);
      await old.close();
    },
  };
}
