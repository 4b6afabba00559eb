import { carriesVerdict, hasDebt, keyOf, type OutboxEntry, subjectOf } from './outbox-entry.ts';

/** Entries by key and by commit, at most so many. */
export interface OutboxTable {
  get(key: string): OutboxEntry | undefined;
  /** The entries about one subject. */
  ofSubject(subject: string): readonly OutboxEntry[];
  values(): Iterable<OutboxEntry>;
  /** Adds or replaces; returns what had to go for it. */
  set(entry: OutboxEntry): readonly OutboxEntry[];
}

export interface OutboxTableLimits {
  /** Most entries. */
  readonly maxEntries: number;
  /** Most notes and comments among them whose text is still owed. */
  readonly maxNotes: number;
}

/** An empty table. What is delivered goes first, oldest first; then what is owed but no verdict; verdicts last. */
export function createOutboxTable(limits: OutboxTableLimits): OutboxTable {
  const bySubject = new Map<string, Map<string, OutboxEntry>>();
  const all = new Map<string, OutboxEntry>();
  const remove = (entry: OutboxEntry) => {
    const subject = subjectOf(entry.item);
    all.delete(entry.key);
    bySubject.get(subject)?.delete(entry.key);
    if (bySubject.get(subject)?.size === 0) bySubject.delete(subject);
    return entry;
  };
  return {
    get: (key) => all.get(key),
    ofSubject: (subject) => [...(bySubject.get(subject)?.values() ?? [])],
    values: () => all.values(),
    set(entry) {
      const subject = subjectOf(entry.item);
      const entries = bySubject.get(subject) ?? new Map<string, OutboxEntry>();
      bySubject.set(subject, entries.set(keyOf(entry.item), entry));
      all.set(entry.key, entry);
      const spare = sparest(all, limits, entry);
      return spare ? [remove(spare)] : [];
    },
  };
}

function sparest(
  all: ReadonlyMap<string, OutboxEntry>,
  limits: OutboxTableLimits,
  added: OutboxEntry,
): OutboxEntry | undefined {
  const others = () => [...all.values()].filter((entry) => entry.key !== added.key);
  if (all.size > limits.maxEntries) return others().reduce(spareOf);
  if (added.item.kind === 'status') return undefined;
  const long = others().filter((entry) => entry.item.kind !== 'status' && hasDebt(entry));
  return long.length >= limits.maxNotes ? long.reduce(spareOf) : undefined;
}

function spareOf(a: OutboxEntry, b: OutboxEntry): OutboxEntry {
  const difference = weight(a) - weight(b);
  if (difference !== 0) return difference < 0 ? a : b;
  return a.sequence <= b.sequence ? a : b;
}

function weight(entry: OutboxEntry): number {
  if (!hasDebt(entry)) return 0;
  return carriesVerdict(entry.item) ? 2 : 1;
}
