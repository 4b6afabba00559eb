/** Rows in one statement: many enough to be fast, few enough for every database's limit on parameters. */
const rowsPerStatement = 200;
/** One row may have more. */
const bytesPerStatement = 4 * 1024 * 1024;

/** Splits `items` into parts that fit one statement; no parts for no items. */
export function* chunk<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += rowsPerStatement) yield items.slice(i, i + rowsPerStatement);
}

/** As `chunk`, for rows that may be large. */
export function* chunkBytes<T>(items: readonly T[], sizeOf: (item: T) => number): Generator<readonly T[]> {
  let part: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (part.length === rowsPerStatement || (part.length > 0 && bytes + size > bytesPerStatement)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
