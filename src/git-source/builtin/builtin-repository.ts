import fs from 'node:fs';
import git from 'isomorphic-git';
import { isMusterError } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { GitDir } from '../find-git-dir.ts';
import { fromSystemError, gitError } from '../git-errors.ts';
import { listPacks } from '../list-packs.ts';
import { type GitObject, type GitObjectType, hashObject } from '../object-format.ts';
import type { Repository } from '../repository.ts';
import { writeLooseObject } from './loose-object.ts';
import { mergeCommits } from './merge-commits.ts';
import { readRefFile, swapRefFile } from './ref-file.ts';

/** What isomorphic-git keeps of packs between calls; shared by every read of one repository. */
export interface PackCache {
  current: object;
}

type Files = Pick<GitDir, 'gitDir' | 'alternates'>;

async function readFrom(gitdir: string, oid: string, cache: object): Promise<GitObject | undefined> {
  try {
    const found = await git.readObject({ fs, gitdir, oid, cache, format: 'content' });
    if (found.format !== 'content') throw new RangeError('object came undecoded');
    return { type: found.type as GitObjectType, body: found.object };
  } catch (error) {
    if ((error as { code?: unknown }).code === 'NotFoundError') return undefined;
    throw fromSystemError(error, 'reading objects') ?? damaged(oid, error);
  }
}

function damaged(oid: string, cause?: unknown) {
  return gitError('GIT_CORRUPT', `object ${oid} is damaged`, { cause });
}

async function readVerified(files: Files, oid: string, cache: object): Promise<GitObject | undefined> {
  for (const gitDir of [files.gitDir, ...files.alternates]) {
    const object = await readFrom(gitDir, oid, cache);
    // A damaged pack index leads to the wrong object of an intact pack, which only its name reveals.
    if (object !== undefined && hashObject(object) !== oid) throw damaged(oid);
    if (object !== undefined) return object;
  }
  return undefined;
}

/** A repository read with isomorphic-git and written by our own code; needs no installed git. */
export function createBuiltinRepository(
  files: Files,
  clock: Clock,
  cache: PackCache = { current: {} },
): Repository {
  const { gitDir } = files;
  let packs: string[] = [];
  const guard = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (isMusterError(error)) throw error;
      throw fromSystemError(error, what) ?? gitError('GIT_FAILED', `${what} failed`, { cause: error });
    }
  };
  return {
    hexLength: 40,
    read: (oid) => readVerified(files, oid, cache.current),
    write: (object) => guard('writing an object', writeLooseObject(gitDir, object)),
    readRef: (name) => guard('reading a ref', readRefFile(gitDir, name)),
    swapRef: (name, expected, next) =>
      guard('writing a ref', swapRefFile(gitDir, name, { expected, next, now: clock.now() })),
    async listRefs(prefix, limit) {
      const names = await guard('listing refs', git.listRefs({ fs, gitdir: gitDir, filepath: prefix }));
      return names.slice(0, limit).map((name) => `${prefix}/${name}`);
    },
    merge: (ours, theirs) =>
      guard('merging', mergeCommits({ gitdir: gitDir, cache: cache.current }, ours, theirs)),
    async countPacks() {
      const now = await listPacks(gitDir);
      // The cache holds whole packs: let go of those that a repack has removed.
      if (packs.some((pack) => !now.includes(pack))) cache.current = {};
      packs = now;
      return now.length;
    },
    close() {
      cache.current = {};
      return Promise.resolve();
    },
  };
}
