import { paintState } from './paint-state.ts';

const maxCell = 60;
/** The last column has nothing to its right: a commit status fits. */
const maxLastCell = 200;

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Rows as aligned columns with a head, each line ended; cells are cut at 60 characters, the last of a row at 200. With
 * `color`, states have theirs.
 */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  color = false,
): string {
  const last = head.length - 1;
  const cells = rows.map((row) =>
    row.map((cell, column) => cutText(toPrintable(cell), column === last ? maxLastCell : maxCell)),
  );
  const widths = head.map(({ length }) => length);
  for (const row of cells)
    for (const [column, { length }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, length);
  const line = (row: readonly string[], paint: (cell: string) => string) =>
    row
      .map((cell, column) => paint(cell) + ' '.repeat((widths[column] ?? 0) - cell.length))
      .join('  ')
      .trimEnd();
  const plain = (cell: string) => cell;
  const lines = [line(head, plain), ...cells.map((row) => line(row, color ? paintState : plain))];
  return `${lines.join('\n')}\n`;
}

/** The text without control characters: agents and authors of commits choose some of what is shown on a terminal. */
export function toPrintable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

function cutText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
