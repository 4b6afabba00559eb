import fs from 'node:fs';
import git from 'isomorphic-git';
import type { MergedTree } from '../repository.ts';

const nobody = { name: 'Muster', email: 'muster@localhost', timestamp: 0, timezoneOffset: 0 };

/** Merges two commits whose histories are at hand into a tree; no ref moves, and the objects that are new are loose. */
export async function mergeCommits(
  where: { readonly gitdir: string; readonly cache: object },
  ours: string,
  theirs: string,
): Promise<MergedTree> {
  try {
    const merged = await git.merge({
      ...{ fs, ...where, ours, theirs },
      noUpdateBranch: true,
      message: 'merge',
      author: nobody,
      committer: nobody,
    });
    const tree = merged.tree ?? (await treeOf(where, merged.oid ?? theirs));
    return { kind: 'merged', tree };
  } catch (error) {
    const { code, data } = error as { code?: string; data?: { filepaths?: readonly string[] } };
    if (code === 'MergeConflictError') return { kind: 'conflict', paths: data?.filepaths ?? [] };
    if (code === 'MergeNotSupportedError') return { kind: 'conflict', paths: [] };
    throw error;
  }
}

async function treeOf(
  where: { readonly gitdir: string; readonly cache: object },
  oid: string,
): Promise<string> {
  const { commit } = await git.readCommit({ fs, ...where, oid });
  return commit.tree;
}
