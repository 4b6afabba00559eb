import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobId } from '../../model/index.ts';
import type { FactTable, RepoMemory } from '../../validation/index.ts';
import type { FileIndex } from '../read-work-tree.ts';

/** What a run knew, kept for the next one on the same folder. */
export interface ValidationCache {
  readonly index: FileIndex;
  readonly memory: RepoMemory;
  /** Writes what this run used or added; the rest is forgotten. A cache that cannot be written is none. */
  save(): Promise<void>;
}

/** Where the cache of a folder is, and what decides whether it still holds. */
export interface CachePlace {
  readonly file: string;
  /** Of the rules: a cache of others is thrown away. */
  readonly rules: string;
  /** When the run began, in milliseconds since the epoch. */
  readonly startedAt: number;
}

type FactOf<T> = T extends FactTable<infer Fact> ? Fact : never;

interface Facts {
  readonly index: { readonly stamp: string; readonly blob: BlobId };
  readonly files: FactOf<RepoMemory['files']>;
  readonly documents: FactOf<RepoMemory['documents']>;
  readonly agentVars: FactOf<RepoMemory['agentVars']>;
  readonly lints: FactOf<RepoMemory['lints']>;
}

type Tables = { readonly [Name in keyof Facts]: Table<Facts[Name]> };

interface Table<Fact> {
  readonly get: (key: string) => Fact | undefined;
  readonly set: (key: string, fact: Fact) => void;
  /** What was asked for or set in this run. */
  readonly used: () => Readonly<Record<string, Fact>>;
  readonly isChanged: () => boolean;
}

/** A file that changed this shortly before it was read may change again without its times telling (as Git's "racy" ones). */
const racyMs = 2_000;
const maxBytes = 256 * 1024 * 1024;

/** The cache file for a folder: under the user's cache folder, so that it can never be committed. Undefined without a home. */
export function cacheFileFor(
  root: string,
  { XDG_CACHE_HOME: cache, HOME: home }: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const base = cache || (home ? join(home, '.cache') : undefined);
  const name = createHash('sha256').update(root).digest('hex').slice(0, 32);
  return base && join(base, 'muster', 'validate', `${name}.json`);
}

/** Opens the cache; one that is damaged, too large, or of other rules is as if it were not there. */
export async function openValidationCache(place: CachePlace): Promise<ValidationCache> {
  const stored = await readStored(place);
  const tables: Tables = {
    index: createTable(stored.index),
    files: createTable(stored.files),
    documents: createTable(stored.documents),
    agentVars: createTable(stored.agentVars),
    lints: createTable(stored.lints),
  };
  const { index, ...memory } = tables;
  return {
    index: {
      get: index.get,
      set(path, known, changedAt) {
        if (changedAt < place.startedAt - racyMs) index.set(path, known);
      },
    },
    memory,
    save: () => save(place, tables),
  };
}

type Stored = { readonly [Name in keyof Facts]: Readonly<Record<string, Facts[Name]>> };

const nothing: Stored = { index: {}, files: {}, documents: {}, agentVars: {}, lints: {} };

async function readStored({ file, rules }: CachePlace): Promise<Stored> {
  try {
    const stored = JSON.parse(await readFile(file, 'utf8')) as { rules?: unknown; tables?: Stored };
    return stored.rules === rules && stored.tables ? { ...nothing, ...stored.tables } : nothing;
  } catch {
    return nothing;
  }
}

function createTable<Fact>(stored: Readonly<Record<string, Fact>>): Table<Fact> {
  const old = new Map(Object.entries(stored));
  const used = new Map<string, Fact>();
  let isNew = false;
  return {
    get(key) {
      const fact = used.get(key) ?? old.get(key);
      if (fact !== undefined) used.set(key, fact);
      return fact;
    },
    set(key, fact) {
      used.set(key, fact);
      isNew = true;
    },
    used: () => Object.fromEntries(used),
    isChanged: () => isNew || used.size !== old.size,
  };
}

async function save({ file, rules }: CachePlace, tables: Tables): Promise<void> {
  const entries = Object.entries(tables) as [string, Table<unknown>][];
  if (!entries.some(([, table]) => table.isChanged())) return;
  const draft = `${file}.${process.pid}`;
  try {
    const text = JSON.stringify({
      rules,
      tables: Object.fromEntries(entries.map(([name, table]) => [name, table.used()])),
    });
    if (text.length > maxBytes) return;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Manifests are in it, which others on this machine need not be able to read.
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
