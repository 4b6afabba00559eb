const sliceSize = 500;

/**
 * Visits everyone and lets reports be answered in between: what is asked of a large fleet must not keep its agents waiting.
 * Whoever comes or goes meanwhile is visited or not.
 */
export async function visitInSlices<Item>(
  all: Iterable<Item>,
  breathe: () => Promise<void>,
  visit: (item: Item) => void,
): Promise<void> {
  let visited = 0;
  for (const item of all) {
    visit(item);
    visited += 1;
    if (visited % sliceSize === 0) await breathe();
  }
}
