/** A map that forgets its least recently used entry when it is full. */
export interface BoundedCache<K, V> {
  get(key: K): V | undefined;
  /** Keeps the value and returns it. */
  put(key: K, value: V): V;
}

/** A cache of at most `limit` entries. */
export function createBoundedCache<K, V>(limit: number): BoundedCache<K, V> {
  const entries = new Map<K, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    put(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > limit) entries.delete(entries.keys().next().value as K);
      return value;
    },
  };
}
