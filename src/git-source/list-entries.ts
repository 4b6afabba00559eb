import {
  type BlobId,
  blobId,
  type CommitSha,
  commitSha,
  type RepoContent,
  type TreeEntry,
} from '../model/index.ts';
import { gitError } from './git-errors.ts';
import {
  type ParsedCommit,
  parseCommit,
  parseTagTarget,
  parseTree,
  type TreeItem,
  treeMode,
} from './object-format.ts';
import type { Repository } from './repository.ts';

/** A revision without the bytes of its files. */
export type Listing = Omit<RepoContent, 'blobs'>;

/** Trees of the last listing by object name: what did not change is not read again. */
export type TreeMemo = ReadonlyMap<string, readonly TreeItem[]>;

const maxEntries = 200_000;
const maxDepth = 64;
const maxTagDepth = 8;

/** The body of an object that must be there and of this type; otherwise rejects with GIT_CORRUPT. */
export async function readBody(repository: Repository, oid: string, type: string): Promise<Uint8Array> {
  const object = await repository.read(oid);
  if (object === undefined) throw gitError('GIT_CORRUPT', `${type} ${oid} is missing`);
  if (object.type !== type) throw gitError('GIT_CORRUPT', `${oid} is a ${object.type}, not a ${type}`);
  return object.body;
}

/** Runs a parser over bytes of an object; bytes that it cannot read reject with GIT_CORRUPT. */
export function decode<T>(oid: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw gitError('GIT_CORRUPT', `object ${oid} cannot be read`, { cause: error });
  }
}

/** Reads a tree's lines. */
export async function readTree(repository: Repository, oid: string): Promise<readonly TreeItem[]> {
  const body = await readBody(repository, oid, 'tree');
  return decode(oid, () => parseTree(body, repository.hexLength));
}

/** Reads a commit. */
export async function readCommit(repository: Repository, oid: string): Promise<ParsedCommit> {
  const body = await readBody(repository, oid, 'commit');
  return decode(oid, () => parseCommit(body));
}

/** Follows annotated tags to the commit they mean; undefined where an object on the way is not here. */
export async function peelToCommit(repository: Repository, oid: string): Promise<CommitSha | undefined> {
  let current = oid;
  for (let depth = 0; depth < maxTagDepth; depth++) {
    const object = await repository.read(current);
    if (object === undefined) return undefined;
    if (object.type === 'commit') return commitSha(current);
    const target = object.type === 'tag' ? parseTagTarget(object.body) : undefined;
    if (target === undefined) break;
    current = target;
  }
  throw gitError('GIT_REF_MISSING', `${oid} is not a commit`);
}

type Visit = { readonly oid: string; readonly prefix: string; readonly depth: number };

interface Walk {
  readonly repository: Repository;
  readonly known: TreeMemo;
  readonly seen: Map<string, readonly TreeItem[]>;
}

async function itemsOf(walk: Walk, oid: string): Promise<readonly TreeItem[]> {
  const items = walk.seen.get(oid) ?? walk.known.get(oid) ?? (await readTree(walk.repository, oid));
  walk.seen.set(oid, items);
  return items;
}

async function findSubtree(walk: Walk, root: string, path: string): Promise<string> {
  let oid = root;
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    const name = Buffer.from(part).toString('latin1');
    const next = (await itemsOf(walk, oid)).find((item) => item.name === name && item.mode === treeMode);
    if (next === undefined) throw gitError('GIT_PATH_MISSING', `this revision has no folder "${path}"`);
    oid = next.oid;
  }
  return oid;
}

function entryType(mode: string): TreeEntry['type'] {
  if (mode === '120000') return 'symlink';
  return mode === '160000' ? 'submodule' : 'file';
}

/** Names that Git never makes and that would point outside their folder. */
function isHostileName(name: string): boolean {
  return name === '' || name === '.' || name === '..' || name.includes('/');
}

async function listFrom(walk: Walk, root: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const open: Visit[] = [{ oid: root, prefix: '', depth: 0 }];
  let visits = 0;
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    if (++visits > maxEntries || visit.depth > maxDepth) {
      throw gitError('GIT_TOO_LARGE', `more than ${maxEntries} folders or ${maxDepth} levels`);
    }
    for (const item of await itemsOf(walk, visit.oid)) {
      const name = Buffer.from(item.name, 'latin1').toString('utf8');
      if (isHostileName(name)) continue;
      const path = visit.prefix + name;
      if (item.mode === treeMode) open.push({ oid: item.oid, prefix: `${path}/`, depth: visit.depth + 1 });
      else entries.push({ path, blob: blobId(item.oid) as BlobId, type: entryType(item.mode) });
    }
    if (entries.length > maxEntries) throw gitError('GIT_TOO_LARGE', `more than ${maxEntries} files`);
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What is listed: a commit's files under `path`; for a merge that nobody committed, its tree instead of the commit's. */
export interface ListedCommit {
  readonly revision: CommitSha;
  readonly ref: string;
  readonly path: string;
  readonly merged?: { readonly tree: string; readonly name: CommitSha };
}

/** Lists one commit's files, ordered by path, reading only trees that `memo` lacks. */
export async function listEntries(
  repository: Repository,
  at: ListedCommit,
  memo: TreeMemo,
): Promise<{ listing: Listing; memo: TreeMemo }> {
  const commit = await readCommit(repository, at.revision);
  const walk: Walk = { repository, known: memo, seen: new Map() };
  const tree = await findSubtree(walk, at.merged?.tree ?? commit.tree, at.path);
  const entries = await listFrom(walk, tree);
  const listing: Listing = {
    revision: at.merged?.name ?? at.revision,
    ref: at.ref,
    tree,
    commit: {
      author: commit.author,
      subject: (commit.message.trimStart().split('\n')[0] ?? '').slice(0, 200),
      committedAt: commit.committedAt,
      parents: commit.parents.map(commitSha),
    },
    entries,
  };
  return { listing, memo: walk.seen };
}
