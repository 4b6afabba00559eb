import type { Answer, Engine, Query } from '../engine.ts';
import type { OpenedEngine } from '../sqlite/sqlite-engine.ts';
import { damaged } from '../sqlite/store-failure.ts';
import { storeClosed } from '../store-closed.ts';
import type { EngineOptions } from './open-engine.ts';
import type { Call } from './protocol.ts';
import { createThreadLink, type Thread, type ThreadLink } from './thread-link.ts';

interface OpenedLink {
  readonly link: ThreadLink;
  readonly opened: Omit<OpenedEngine, 'engine'>;
}

/**
 * An engine in a thread of its own. Should that thread die, calls in flight fail with `STORE_UNAVAILABLE`,
 * and the next one starts another.
 */
export async function openThreadEngine(options: EngineOptions, spawn: () => Thread): Promise<OpenedEngine> {
  let current: Promise<OpenedLink> | undefined;
  let closed = false;

  function forget(): void {
    current = undefined;
  }

  async function start(): Promise<OpenedLink> {
    const link = createThreadLink(spawn(), forget);
    try {
      const opened = (await link.call({ kind: 'open', options })) as OpenedLink['opened'];
      return { link, opened };
    } catch (error) {
      forget();
      // A thread that could not open has nothing to do; one that is gone needs no goodbye.
      await link.call({ kind: 'close' }).catch(() => undefined);
      throw error;
    }
  }

  async function restart(): Promise<OpenedLink> {
    const again = await start();
    // The next call finds the new link; this one tells that the tables are empty.
    if (again.opened.setAside !== undefined) {
      current = Promise.resolve(again);
      throw damaged(again.opened.setAside);
    }
    return again;
  }

  async function call(request: Call): Promise<unknown> {
    if (closed) throw storeClosed();
    current ??= restart();
    const { link } = await current;
    return link.call(request);
  }

  const engine: Engine = {
    commit: async (batch) => void (await call({ kind: 'commit', batch })),
    query: async <Q extends Query>(query: Q) => (await call({ kind: 'query', query })) as Answer<Q>,
    async close() {
      closed = true;
      const last = await current?.catch(() => undefined);
      await last?.link.call({ kind: 'close' }).catch(() => undefined);
    },
  };
  current = start();
  return { engine, ...(await current).opened };
}
