import type { TreeEntry } from './snapshot.ts';

/** Entries on their way between threads: runs of those that went before, by place and number, and the new ones. */
export type PackedEntries = readonly (
  | readonly TreeEntry[]
  | { readonly from: number; readonly count: number }
)[];

/** The end that sends. */
export interface EntrySender {
  pack(entries: readonly TreeEntry[]): PackedEntries;
}

/** The end that receives. */
export interface EntryReceiver {
  unpack(packed: PackedEntries): readonly TreeEntry[];
}

/**
 * Packs the entries of revisions, ordered by path, for one receiver that unpacks them in the same order: of a large repo
 * only what a commit changes is copied, and what it leaves as it was is the same object at the other end as before.
 */
export function createEntrySender(): EntrySender {
  let sent: readonly TreeEntry[] = [];
  return {
    pack(entries) {
      const runs: (TreeEntry[] | { from: number; count: number })[] = [];
      let at = 0;
      for (const entry of entries) {
        while (at < sent.length && sent[at]!.path < entry.path) at += 1;
        const last = runs.at(-1);
        const isKnown = isSame(sent[at], entry);
        if (isKnown && last && 'from' in last && last.from + last.count === at) last.count += 1;
        else if (isKnown) runs.push({ from: at, count: 1 });
        else if (Array.isArray(last)) last.push(entry);
        else runs.push([entry]);
      }
      sent = entries;
      return runs;
    },
  };
}

/** The other end of one sender. */
export function createEntryReceiver(): EntryReceiver {
  let known: readonly TreeEntry[] = [];
  return {
    unpack(packed) {
      known = packed.flatMap((run) => ('from' in run ? known.slice(run.from, run.from + run.count) : run));
      return known;
    },
  };
}

function isSame(before: TreeEntry | undefined, after: TreeEntry): boolean {
  if (before === after) return true;
  return (
    before?.path === after.path &&
    before.blob === after.blob &&
    before.type === after.type &&
    before.size === after.size
  );
}
