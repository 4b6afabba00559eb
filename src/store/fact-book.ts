import type { BookDeps } from './book-deps.ts';
import { encodeValue } from './encode-value.ts';
import { overlayRows } from './overlay.ts';
import type { FactBook } from './store.ts';

/** Facts over an engine. */
export function createFactBook({ engine, pending, writes }: BookDeps): FactBook {
  return {
    async get(key) {
      const newest = pending.of('fact').get(key);
      const json = newest ? newest.value : await engine.query({ kind: 'fact', key });
      return json === undefined ? undefined : (JSON.parse(json) as unknown);
    },
    put: async (key, value) => writes.write({ kind: 'fact', key, value: encodeValue(key, value) }),
    delete: (key) => writes.write({ kind: 'fact', key, value: undefined }),
    async list(prefix) {
      const newest = Array.from(pending.of('fact')).filter(([key]) => key.startsWith(prefix));
      return overlayRows(await engine.query({ kind: 'facts', prefix }), new Map(newest));
    },
  };
}
