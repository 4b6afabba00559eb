/** The distinct values of one label key, findable by prefix; may hold values that no agent has any more. */
export interface ValueOrder {
  sorted: string[];
  /** Values that came since, in no order. */
  added: string[];
  /** False until the first search: most keys are never searched. */
  isKept: boolean;
}

/** Fewer values than this are looked through faster than searched. */
const worthSorting = 64;
const maxAdded = 1024;

/** An order that nobody has searched yet. */
export function createValueOrder(): ValueOrder {
  return { sorted: [], added: [], isKept: false };
}

/** Records a value that was not among the current ones; without searches in between the order is given up in time. */
export function addValue(order: ValueOrder, value: string): void {
  if (!order.isKept) return;
  order.added.push(value);
  if (order.added.length > maxAdded + order.sorted.length) Object.assign(order, createValueOrder());
}

/**
 * Every one of the `current` values that starts with `prefix`, and perhaps some that do not or are gone. Sorts on
 * the first search and again when a sixteenth is new.
 */
export function valuesWithPrefix(
  order: ValueOrder,
  prefix: string,
  current: ReadonlyMap<string, unknown>,
): readonly string[] {
  if (current.size < worthSorting) return [...current.keys()];
  if (!order.isKept || order.added.length > worthSorting + (current.size >>> 4)) sortAgain(order, current);
  const start = firstAtOrAfter(order.sorted, prefix);
  let end = start;
  while (order.sorted[end]?.startsWith(prefix)) end++;
  return order.sorted.slice(start, end).concat(order.added);
}

function sortAgain(order: ValueOrder, current: ReadonlyMap<string, unknown>): void {
  order.sorted = order.isKept ? mergeAdded(order, current) : [...current.keys()].sort();
  order.added = [];
  order.isKept = true;
}

/** Sorting what is sorted but for its tail is nearly linear; a value that went and came again stands there twice. */
function mergeAdded({ sorted, added }: ValueOrder, current: ReadonlyMap<string, unknown>): string[] {
  const merged = sorted.concat(added).sort();
  return merged.filter((value, index) => value !== merged[index - 1] && current.has(value));
}

function firstAtOrAfter(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
