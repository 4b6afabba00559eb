/** Collects the first few of many in an order. */
export interface FirstFew<Item> {
  /** What there is so far, in order; at most as many as were asked for. */
  readonly items: readonly Item[];
  offer(item: Item): void;
}

/** The first `size` of those that come by, whatever the order that they come in; no more of them are held. */
export function createFirstFew<Item>(size: number, compare: (a: Item, b: Item) => number): FirstFew<Item> {
  const items: Item[] = [];
  return {
    items,
    offer(item) {
      const last = items.at(-1);
      if (items.length === size && (last === undefined || compare(item, last) >= 0)) return;
      items.splice(placeFor(items, item, compare), 0, item);
      if (items.length > size) items.pop();
    },
  };
}

/** How many of the sorted items come before this one. Most come in order, so that the end is asked first. */
function placeFor<Item>(items: readonly Item[], item: Item, compare: (a: Item, b: Item) => number): number {
  let [low, high] = [0, items.length];
  const last = items.at(-1);
  if (last !== undefined && compare(last, item) < 0) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(items[middle] as Item, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
