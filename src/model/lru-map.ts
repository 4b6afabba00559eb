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

interface Link {
  older: Link;
  newer: Link;
}

interface Entry<Key, Value> extends Link {
  readonly key: Key;
  value: Value;
}

/**
 * An empty map for at most `limit` entries (one or more); each call costs the same at any size. The order is kept in a ring
 * beside the map: in the map's own order, finding the oldest means to step over all that was deleted since it was last
 * rehashed, and an iterator that is kept for that keeps every table that the map ever had.
 */
export function createLruMap<Key, Value>(limit: number): LruMap<Key, Value> {
  const entries = new Map<Key, Entry<Key, Value>>();
  // Its newer neighbour is the oldest entry, its older one the newest.
  const ring = createRing();

  function remove(entry: Entry<Key, Value>): void {
    entries.delete(entry.key);
    unlink(entry);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      unlink(entry);
      linkAsNewest(ring, entry);
      return entry.value;
    },
    has: (key) => entries.has(key),
    set(key, value) {
      const known = entries.get(key);
      if (known) unlink(known);
      const entry = known ?? { key, value, older: ring, newer: ring };
      entry.value = value;
      if (!known) entries.set(key, entry);
      linkAsNewest(ring, entry);
      if (entries.size > limit) remove(ring.newer as Entry<Key, Value>);
    },
    delete(key) {
      const entry = entries.get(key);
      if (entry) remove(entry);
    },
    get size() {
      return entries.size;
    },
  };
}

function createRing(): Link {
  const ring = {} as Link;
  ring.older = ring;
  ring.newer = ring;
  return ring;
}

function unlink({ older, newer }: Link): void {
  older.newer = newer;
  newer.older = older;
}

function linkAsNewest(ring: Link, link: Link): void {
  link.older = ring.older;
  link.newer = ring;
  ring.older.newer = link;
  ring.older = link;
}
