import type { Problem, TreeEntry } from '../../model/index.ts';
import { checkEntries, hasControlCharacters } from './check-entries.ts';
import { classifyFile, type SourceDocument } from './classify-file.ts';
import type { FileReader } from './repo-files.ts';
import { computeLayout, isYamlPath, type RepoLayout } from './repo-layout.ts';

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
export function discover(entries: readonly TreeEntry[], reader: FileReader): Discovery {
  const documents: SourceDocument[] = [];
  const objectFiles = new Set<string>();
  const bodies: string[] = [];
  const problems = [...checkEntries(entries)];
  const layout = computeLayout(entries);
  for (const entry of entries) {
    if (!isYamlPath(entry.path) || hasControlCharacters(entry.path)) continue;
    const file = classifyFile(entry, reader);
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
