/** A map from text to values computed once, which forgets what was not used for long. */
export interface BoundedCache<T> {
  get(key: string, compute: () => T): T;
}

/**
 * A cache of at most `maxEntries`, in two generations: when the younger one is full it becomes the older one, and what
 * nobody asked for since is dropped. A hit costs one look-up, where an exact order of use would cost a write.
 */
export function createBoundedCache<T>(maxEntries: number): BoundedCache<T> {
  const size = Math.max(1, Math.floor(maxEntries / 2));
  let young = new Map<string, { readonly value: T }>();
  let old: typeof young = new Map();
  return {
    get(key, compute) {
      const recent = young.get(key);
      if (recent) return recent.value;
      const entry = old.get(key) ?? { value: compute() };
      if (young.size >= size) {
        old = young;
        young = new Map();
      }
      young.set(key, entry);
      return entry.value;
    },
  };
}
