/** A map for each tenant with a limit of its own: no tenant's flood makes the server forget another's. */
export interface TenantMaps<Key, Value> {
  get(tenant: string, key: Key): Value | undefined;
  has(tenant: string, key: Key): boolean;
  /** Sets it as the newest; past the limit the tenant's oldest goes. */
  set(tenant: string, key: Key, value: Value): void;
  delete(tenant: string, key: Key): boolean;
  /** Entries of all tenants. */
  readonly size: number;
  entries(): IterableIterator<readonly [tenant: string, key: Key, value: Value]>;
}

/** Empty maps of at most `limit` entries a tenant; `onEvicted` is told what went to make room. */
export function createTenantMaps<Key, Value>(
  limit: number,
  onEvicted: (tenant: string, key: Key) => void = () => {},
): TenantMaps<Key, Value> {
  const maps = new Map<string, Map<Key, Value>>();
  return {
    get: (tenant, key) => maps.get(tenant)?.get(key),
    has: (tenant, key) => maps.get(tenant)?.has(key) ?? false,
    set(tenant, key, value) {
      const map = maps.get(tenant) ?? new Map<Key, Value>();
      maps.set(tenant, map);
      map.delete(key);
      map.set(key, value);
      const oldest = map.size > limit ? map.keys().next() : undefined;
      if (oldest === undefined || oldest.done) return;
      map.delete(oldest.value);
      onEvicted(tenant, oldest.value);
    },
    delete(tenant, key) {
      const map = maps.get(tenant);
      const found = map?.delete(key) ?? false;
      if (map?.size === 0) maps.delete(tenant);
      return found;
    },
    get size() {
      return [...maps.values()].reduce((sum, map) => sum + map.size, 0);
    },
    *entries() {
      for (const [tenant, map] of maps) for (const [key, value] of map) yield [tenant, key, value] as const;
    },
  };
}
