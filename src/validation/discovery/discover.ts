import type { Problem, TreeEntry } from '../../model/index.ts';
import { checkEntries, describePath, type PathFacts } from './check-entries.ts';
import { type ClassifiedFile, classifyFile, type SourceDocument } from './classify-file.ts';
import type { FileReader } from './repo-files.ts';
import { computeLayout, type RepoLayout } from './repo-layout.ts';

/** What was found in a revision, before any document is looked into. */
export interface Discovery {
  readonly layout: RepoLayout;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly documents: readonly SourceDocument[];
  /** Paths of files that hold objects of ours, broken ones included. */
  readonly objectFiles: ReadonlySet<string>;
  /** YAML files that are bodies if somebody names them. */
  readonly bodies: readonly string[];
  readonly problems: readonly Problem[];
}

/** Finds the objects and bodies of a repo. */
export type Discover = (entries: readonly TreeEntry[]) => Discovery;

/** A finder that looks once at an entry: one that a commit leaves as it was may be the same object. */
export function createDiscoverer(reader: FileReader): Discover {
  const paths = createEntryCache((entry): PathFacts => describePath(entry.path));
  const files = createEntryCache((entry): ClassifiedFile => classifyFile(entry, reader));
  return (entries) => discover(entries, paths, files);
}

function createEntryCache<Facts extends object>(
  look: (entry: TreeEntry) => Facts,
): (entry: TreeEntry) => Facts {
  const known = new WeakMap<TreeEntry, Facts>();
  return (entry) => {
    const before = known.get(entry);
    if (before) return before;
    const facts = look(entry);
    known.set(entry, facts);
    return facts;
  };
}

function discover(
  entries: readonly TreeEntry[],
  factsOf: (entry: TreeEntry) => PathFacts,
  classify: (entry: TreeEntry) => ClassifiedFile,
): Discovery {
  const documents: SourceDocument[] = [];
  const objectFiles = new Set<string>();
  const bodies: string[] = [];
  const problems = [...checkEntries(entries, factsOf)];
  const layout = computeLayout(entries);
  for (const entry of entries) {
    const facts = factsOf(entry);
    if (!facts.isYaml || facts.hasControlCharacters) continue;
    const file = classify(entry);
    // In a tenant's folder an object may hide behind a link or a pointer; elsewhere it counts where it is named.
    const isShared = layout.ownerOf(entry.path) === undefined;
    if (file.is === 'body' || (file.is === 'unreadable' && isShared)) bodies.push(entry.path);
    if (file.is === 'body' || file.is === 'foreign' || (file.is === 'unreadable' && isShared)) continue;
    if (file.is !== 'unreadable') objectFiles.add(entry.path);
    problems.push(...file.problems);
    if (file.is === 'objects') documents.push(...file.documents);
  }
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return { layout, entries: byPath, documents, objectFiles, bodies, problems };
}
