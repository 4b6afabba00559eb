/** A map of bounded size, which forgets what was not used for longest. */
export interface LruMap<Key, Value> {
  /** Counts as a use. */
  get(key: Key): Value | undefined;
  /** Does not count as a use. */
  has(key: Key): boolean;
  /** Counts as a use. */
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  readonly size: number;
}

/** An empty map for at most `limit` entries; each call costs the same at any size. */
export function createLruMap<Key, Value>(limit: number): LruMap<Key, Value> {
  const entries = new Map<Key, Value>();
  // One iterator for good: a fresh one has to step over everything that was deleted since the map was last rehashed,
  // which makes the usual `keys().next()` dear where thousands are.
  // It never ends: what it has passed is deleted, or lies behind again.
  const oldest = entries.keys();

  const put = (key: Key, value: Value) => {
    entries.delete(key);
    entries.set(key, value);
  };
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) put(key, value);
      return value;
    },
    has: (key) => entries.has(key),
    set(key, value) {
      put(key, value);
      if (entries.size > limit) entries.delete(oldest.next().value as Key);
    },
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size;
    },
  };
}
