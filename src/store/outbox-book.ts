import type { BookDeps } from './book-deps.ts';
import { encodeValue } from './encode-value.ts';
import { overlayRows } from './overlay.ts';
import type { OutboxBook } from './store.ts';

/** The outbox over an engine. */
export function createOutboxBook({ engine, pending, writes }: BookDeps): OutboxBook {
  return {
    async load() {
      const newest = pending.of('outbox');
      return overlayRows(await engine.query({ kind: 'outbox' }), newest);
    },
    put: async ({ key, value }) => writes.write({ kind: 'outbox', key, value: encodeValue(key, value) }),
    delete: (key) => writes.write({ kind: 'outbox', key, value: undefined }),
  };
}
