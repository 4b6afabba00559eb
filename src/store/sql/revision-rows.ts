import type { Kysely } from 'kysely';
import {
  type BlobId,
  blobId,
  type CommitInfo,
  type CommitSha,
  commitSha,
  type RepoContent,
  type TreeEntry,
} from '../../model/index.ts';
import type { RevisionInfo } from '../rows.ts';
import { chunk, chunkBytes } from './chunk.ts';
import type { Tables } from './tables.ts';

/** Keeps a revision; its blobs that are already there are not written again. */
export async function insertRevision(db: Kysely<Tables>, content: RepoContent): Promise<void> {
  const { revision, ref, tree, commit, entries } = content;
  await db.deleteFrom('revision').where('revision', '=', revision).execute();
  await db
    .insertInto('revision')
    .values({
      revision,
      ref,
      tree,
      commit_info: JSON.stringify(commit),
      committed_at: commit.committedAt,
      entries: JSON.stringify(entries),
    })
    .execute();
  const blobs = Array.from(content.blobs, ([id, bytes]) => ({ id, bytes }));
  for (const part of chunkBytes(blobs, ({ bytes }) => bytes.byteLength)) {
    await db
      .insertInto('blob')
      .values(part)
      .onConflict((oc) => oc.column('id').doNothing())
      .execute();
  }
}

/** Forgets a revision, and every blob that no kept revision has. */
export async function deleteRevision(db: Kysely<Tables>, revision: CommitSha): Promise<void> {
  await db.deleteFrom('revision').where('revision', '=', revision).execute();
  // Looked up here, since a table of which revision has which blob would be written in whole with every commit.
  const kept = await db.selectFrom('revision').select('entries').execute();
  const used = new Set<string>(kept.flatMap((row) => parseEntries(row.entries).map(({ blob }) => blob)));
  const stored = await db.selectFrom('blob').select('id').execute();
  const unused = stored.map(({ id }) => id).filter((id) => !used.has(id));
  for (const part of chunk(unused)) await db.deleteFrom('blob').where('id', 'in', part).execute();
}

/** A kept revision with the bytes of all its kept blobs. */
export async function selectRevision(
  db: Kysely<Tables>,
  revision: CommitSha,
): Promise<RepoContent | undefined> {
  const row = await db.selectFrom('revision').selectAll().where('revision', '=', revision).executeTakeFirst();
  if (!row) return undefined;
  const entries = parseEntries(row.entries);
  const blobs = await selectBlobs(
    db,
    entries.map((entry) => entry.blob),
  );
  return { revision, ref: row.ref, tree: row.tree, commit: parseCommit(row.commit_info), entries, blobs };
}

/** The bytes of those of `ids` that are kept. */
export async function selectBlobs(
  db: Kysely<Tables>,
  ids: readonly BlobId[],
): Promise<Map<BlobId, Uint8Array>> {
  const blobs = new Map<BlobId, Uint8Array>();
  for (const part of chunk(ids)) {
    const rows = await db.selectFrom('blob').selectAll().where('id', 'in', part).execute();
    for (const { id, bytes } of rows) blobs.set(blobId(id), new Uint8Array(bytes));
  }
  return blobs;
}

/** Every kept revision, newest first. */
export async function selectRevisions(db: Kysely<Tables>): Promise<readonly RevisionInfo[]> {
  const rows = await db
    .selectFrom('revision')
    .select(['revision', 'ref', 'tree', 'commit_info'])
    .orderBy('committed_at', 'desc')
    .orderBy('revision')
    .execute();
  return rows.map(({ revision, ref, tree, commit_info }) => ({
    revision: commitSha(revision),
    ref,
    tree,
    commit: parseCommit(commit_info),
  }));
}

function parseEntries(json: string): readonly TreeEntry[] {
  return JSON.parse(json) as readonly TreeEntry[];
}

function parseCommit(json: string): CommitInfo {
  return JSON.parse(json) as CommitInfo;
}
