/** Rows in one statement: many enough to be fast, few enough for every database's limit on parameters. */
const rowsPerStatement = 200;

/** Splits `items` into parts that fit one statement; no parts for no items. */
export function* chunk<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += rowsPerStatement) yield items.slice(i, i + rowsPerStatement);
}
