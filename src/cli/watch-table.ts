import type { Console } from './console.ts';
import { readEvery } from './read-every.ts';
import { createScreen } from './screen.ts';
import { formatTable, type Table } from './table.ts';

const everyMs = 2_000;
/** Rows shown: what does not fit on a terminal cannot be redrawn. */
const maxRows = 40;

/**
 * Shows a table until the process is asked to end: a terminal is redrawn; elsewhere its head comes once, and then every row
 * that is new or has changed.
 */
export async function watchTable(console: Console, read: () => Promise<Table>): Promise<void> {
  const show = console.outIsTerminal ? drawTable(console) : logRows(console);
  for await (const table of readEvery(console, everyMs, read)) show(table);
}

function drawTable(console: Console): (table: Table) => void {
  const draw = createScreen(console);
  return ({ head, rows }) => {
    const lines = formatTable(head, rows.slice(0, maxRows), true).trimEnd().split('\n');
    draw([...lines, ...(rows.length > maxRows ? [`and ${rows.length - maxRows} more`] : [])]);
  };
}

function logRows(console: Console): (table: Table) => void {
  let told: ReadonlySet<string> | undefined;
  return (table) => {
    const [head, ...lines] = formatTable(table.head, table.rows).trimEnd().split('\n');
    // Widths may differ from one time to the next, and change no row.
    const keys = table.rows.map((row) => row.join('\n'));
    if (!told) console.out(`${head}\n`);
    for (const [index, line] of lines.entries()) if (!told?.has(keys[index] ?? '')) console.out(`${line}\n`);
    told = new Set(keys);
  };
}
