import type { RepoContent } from '../model/index.ts';
import type { BookDeps } from './book-deps.ts';
import type { RevisionInfo } from './rows.ts';
import type { RevisionBook } from './store.ts';

/** Revisions over an engine. */
export function createRevisionBook({ engine, pending, writes }: BookDeps): RevisionBook {
  /** Bytes that are still on their way, and those of `content` that only the engine has. */
  async function fillBlobs(content: RepoContent): Promise<RepoContent> {
    const known = new Map(content.blobs);
    for (const { content: other } of pending.of('revision').values()) {
      for (const [id, bytes] of other?.blobs ?? []) known.set(id, bytes);
    }
    const ids = new Set(content.entries.map((entry) => entry.blob));
    const missing = [...ids].filter((id) => !known.has(id));
    const blobs = new Map(await engine.query({ kind: 'blobs', ids: missing }));
    for (const [id, bytes] of known) if (ids.has(id)) blobs.set(id, bytes);
    return { ...content, blobs };
  }

  return {
    put(content) {
      const before = pending.of('revision').get(content.revision)?.content?.blobs ?? [];
      const blobs = new Map([...before, ...content.blobs]);
      return writes.write({ kind: 'revision', key: content.revision, content: { ...content, blobs } });
    },
    async get(revision) {
      const newest = pending.of('revision').get(revision);
      if (!newest) return engine.query({ kind: 'revision', revision });
      return newest.content && fillBlobs(newest.content);
    },
    async list() {
      const newest = pending.of('revision');
      const stored = await engine.query({ kind: 'revisions' });
      const merged = new Map<string, RevisionInfo>(stored.map((info) => [info.revision, info]));
      for (const [revision, { content }] of newest) {
        if (content) merged.set(revision, revisionInfo(content));
        else merged.delete(revision);
      }
      return [...merged.values()].sort(newestFirst);
    },
    remove: (revision) => writes.write({ kind: 'revision', key: revision, content: undefined }),
  };
}

/** A revision without its files. */
export function revisionInfo({ revision, ref, tree, commit }: RepoContent): RevisionInfo {
  return { revision, ref, tree, commit };
}

/** Orders revisions by commit time, newest first. */
export function newestFirst(a: RevisionInfo, b: RevisionInfo): number {
  return b.commit.committedAt - a.commit.committedAt || (a.revision < b.revision ? -1 : 1);
}
