import type { CommitSha } from '../model/index.ts';
import { gitError } from './git-errors.ts';
import { readCommit } from './list-entries.ts';
import { type CommitIdentity, encodeCommit } from './object-format.ts';
import { isRefName } from './ref-names.ts';
import type { Call } from './transport.ts';
import type { Upstream } from './upstream.ts';

/** A commit that is to be taken back on a branch of its own. */
export interface RevertWant {
  readonly sha: CommitSha;
  /** Short name of the new branch. */
  readonly branch: string;
  readonly message: string;
}

/** `pushed` now, `exists` where the branch was there, `root` where there is nothing to go back to. */
export type RevertOutcome = 'pushed' | 'exists' | 'root';

/**
 * Pushes a branch with one commit right on top of `sha` that has the tree of its first parent, as `git revert` would make
 * it there: what has been committed since is merged by whoever merges the branch, with the same conflicts.
 */
export async function pushRevert(
  upstream: Upstream,
  by: { readonly identity: CommitIdentity; readonly at: number },
  { sha, branch, message }: RevertWant,
  call: Call,
): Promise<RevertOutcome> {
  const ref = `refs/heads/${branch}`;
  if (!isRefName(ref)) throw gitError('GIT_REF_MISSING', `"${branch}" is no name of a branch`);
  if ((await upstream.peek(ref, call)) !== undefined) return 'exists';
  const repository = await upstream.obtainHistories([sha], call);
  const [parent] = (await readCommit(repository, sha)).parents;
  if (parent === undefined) return 'root';
  const { tree } = await readCommit(repository, parent);
  const body = encodeCommit({ tree, parents: [sha], message }, by.identity, by.at);
  const next = await repository.write({ type: 'commit', body });
  return (await upstream.publishBranch(ref, next, call)) === 'taken' ? 'pushed' : 'exists';
}
