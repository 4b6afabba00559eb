/** Counts by what they concern; equal items are one. */
export interface Counts<Item> {
  /** One agent more. */
  add(item: Item): void;
  /** Most agents first, then by their text. */
  list(): readonly (Item & { readonly agents: number })[];
}

/** Nothing counted yet. */
export function createCounts<Item extends object>(): Counts<Item> {
  const counted = new Map<string, { readonly item: Item; agents: number }>();
  return {
    add(item) {
      const key = JSON.stringify(item);
      const known = counted.get(key);
      if (known) known.agents += 1;
      else counted.set(key, { item, agents: 1 });
    },
    list() {
      const byCount = [...counted].sort(([a, { agents }], [b, other]) =>
        agents === other.agents ? (a < b ? -1 : 1) : other.agents - agents,
      );
      return byCount.map(([, { item, agents }]) => ({ ...item, agents }));
    },
  };
}
