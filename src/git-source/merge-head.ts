import { createHash } from 'node:crypto';
import { type CommitSha, commitSha, isMusterError } from '../model/index.ts';
import { readCommit } from './list-entries.ts';
import type { Repository } from './repository.ts';
import type { Call } from './transport.ts';
import type { Upstream } from './upstream.ts';

/** A head on its way into the branch. */
export interface MergeWant {
  readonly base: CommitSha;
  readonly head: CommitSha;
  /** The ref of a test merge by the host; used only where it merges exactly these two. */
  readonly mergeRef?: string | undefined;
}

/** Where the result of a merge is read. */
type MergedHead =
  | {
      readonly kind: 'merged';
      readonly repository: Repository;
      readonly at: {
        readonly revision: CommitSha;
        readonly merged?: { readonly tree: string; readonly name: CommitSha };
      };
    }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** Merges a head: the host's test merge where it is of exactly these two commits, else ours from their merge base. */
export async function mergeHead(upstream: Upstream, want: MergeWant, call: Call): Promise<MergedHead> {
  const { base, head } = want;
  if (base === head)
    return { kind: 'merged', repository: await upstream.obtain(head, call), at: { revision: head } };
  const made = await findTestMerge(upstream, want, call);
  if (made) return made;
  const repository = await upstream.obtainHistories([base, head], call);
  const merged = await repository.merge(base, head);
  if (merged.kind === 'conflict') return merged;
  const name = nameOf(base, head);
  return { kind: 'merged', repository, at: { revision: head, merged: { tree: merged.tree, name } } };
}

/** Hosts make test merges when they get to it, and leave old ones about. */
async function findTestMerge(
  upstream: Upstream,
  { base, head, mergeRef }: MergeWant,
  call: Call,
): Promise<MergedHead | undefined> {
  const tip = mergeRef === undefined ? undefined : await upstream.peek(mergeRef, call);
  if (tip === undefined) return undefined;
  try {
    const repository = await upstream.obtain(tip, call);
    const { parents } = await readCommit(repository, tip);
    const isOurs = parents.length === 2 && parents[0] === base && parents[1] === head;
    return isOurs ? { kind: 'merged', repository, at: { revision: tip } } : undefined;
  } catch (error) {
    if (isMusterError(error, 'GIT_COMMIT_MISSING')) return undefined;
    throw error;
  }
}

/** A name for a merge that no commit holds, which no commit bears. */
function nameOf(base: CommitSha, head: CommitSha): CommitSha {
  const hash = createHash(base.length === 64 ? 'sha256' : 'sha1');
  return commitSha(hash.update(`merge of ${head} into ${base}`).digest('hex'));
}
