/** Rows that a table holds: from `first`, and how many; the rest is empty space above and below. */
export interface RowWindow {
  readonly first: number;
  readonly count: number;
}

const overscan = 8;

/**
 * The rows to draw of `total` of one height, so that what is seen and a little more is there. `above` is how far the
 * table's top lies over the upper edge of what is seen, in pixels; less than nothing where it is below.
 */
export function windowOf(
  total: number,
  { above, seen, row }: { readonly above: number; readonly seen: number; readonly row: number },
): RowWindow {
  const top = Math.floor(Math.max(0, above) / row);
  const bottom = Math.ceil(Math.max(0, above + seen) / row);
  const first = Math.min(Math.max(0, top - overscan), Math.max(0, total - 1));
  const last = Math.min(total, Math.max(bottom + overscan, first + 1));
  return { first, count: Math.max(0, last - first) };
}
