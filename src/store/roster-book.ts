import type { BookDeps } from './book-deps.ts';
import { decodeRosterRow, type RosterRecord } from './roster-record.ts';
import type { RosterRow } from './rows.ts';
import type { RosterBook } from './store.ts';

/** Small enough that taking over one page blocks the loop for a few milliseconds. */
const pageRows = 1_000;

/** The roster over an engine. */
export function createRosterBook({ engine, pending, writes }: BookDeps): RosterBook {
  async function* load(): AsyncGenerator<readonly RosterRow[]> {
    const newest = new Map(pending.rows());

    function current(record: RosterRecord): readonly RosterRow[] {
      const stored = decodeRosterRow(record);
      const row = newest.has(stored.uid) ? newest.get(stored.uid) : stored;
      newest.delete(stored.uid);
      return row ? [row] : [];
    }

    const ask = (after: string) => engine.query({ kind: 'rosterPage', after, limit: pageRows });
    let asked = ask('');
    for (;;) {
      const page = await asked;
      const last = page.at(-1)?.uid;
      if (last === undefined) break;
      // The engine reads the next page while this one is taken over.
      asked = ask(last);
      asked.catch(() => undefined);
      yield page.flatMap(current);
    }
    const rest = [...newest.values()].filter((row) => row !== undefined);
    for (let i = 0; i < rest.length; i += pageRows) yield rest.slice(i, i + pageRows);
  }

  return {
    load,
    put: (row) => writes.writeLater(row.uid, row),
    remove: (uid) => writes.writeLater(uid, undefined),
  };
}
