/** Questions that wait for an answer, by id; each is settled once. */
export interface PendingCalls {
  readonly size: number;
  /** A promise for the answer to `id`; `forget` is called when it is settled. */
  add(id: number, forget: () => void): Promise<unknown>;
  resolve(id: number, answer: unknown): void;
  reject(id: number, error: unknown): void;
  rejectAll(error: unknown): void;
}

interface Entry {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly forget: () => void;
}

/** An empty table; `onIdle` is called whenever its last question is settled. */
export function createPendingCalls(onIdle: () => void): PendingCalls {
  const entries = new Map<number, Entry>();
  function take(id: number): Entry | undefined {
    const entry = entries.get(id);
    if (entry === undefined) return undefined;
    entries.delete(id);
    entry.forget();
    if (entries.size === 0) onIdle();
    return entry;
  }
  return {
    get size() {
      return entries.size;
    },
    add: (id, forget) =>
      new Promise((resolve, reject) => {
        entries.set(id, { resolve, reject, forget });
      }),
    resolve: (id, answer) => take(id)?.resolve(answer),
    reject: (id, error) => take(id)?.reject(error),
    rejectAll(error) {
      for (const id of [...entries.keys()]) take(id)?.reject(error);
    },
  };
}
