import type { OutboxStore } from '../../src/commit-status/index.ts';

/** An outbox store in memory that keeps JSON text, so that nothing but plain data survives. */
export interface MemoryOutboxStore extends OutboxStore {
  readonly items: ReadonlyMap<string, string>;
  /** While set, every write fails with this error. */
  failWith(error: Error | undefined): void;
}

export function createMemoryOutboxStore(): MemoryOutboxStore {
  const items = new Map<string, string>();
  let failure: Error | undefined;
  const check = () => {
    if (failure) throw failure;
  };
  return {
    items,
    failWith: (error) => {
      failure = error;
    },
    load: async () => [...items].map(([key, text]) => ({ key, value: JSON.parse(text) as unknown })),
    put: async ({ key, value }) => {
      check();
      items.set(key, JSON.stringify(value));
    },
    delete: async (key) => {
      check();
      items.delete(key);
    },
  };
}
