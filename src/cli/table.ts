const maxCell = 60;
/** The last column has nothing to its right: a commit status fits. */
const maxLastCell = 200;

/** Rows as aligned columns with a head, each line ended; cells are cut at 60 characters, the last of a row at 200. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const last = head.length - 1;
  const cells = rows.map((row) =>
    row.map((cell, column) => cutText(toPrintable(cell), column === last ? maxLastCell : maxCell)),
  );
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** The text without control characters: agents and authors of commits choose some of what is shown on a terminal. */
export function toPrintable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

function cutText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
