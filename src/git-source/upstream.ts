import type { CommitSha } from '../model/index.ts';
import type { Repository } from './repository.ts';
import type { Call, PushOutcome } from './transport.ts';

/** A ref and the commit that it points at, tags peeled. */
export interface ListedRef {
  readonly name: string;
  readonly commit: CommitSha;
}

/** Most refs of one list. */
export const maxListedRefs = 1_000;

/** Where a fleet repo lives: on this disk, or elsewhere with a clone of ours. */
export interface Upstream {
  /** The commit that the ref points at now. */
  resolve(call: Call): Promise<CommitSha>;
  /** A repository on disk that has this commit with all its trees and blobs. */
  obtain(sha: CommitSha, call: Call): Promise<Repository>;
  /** The repository that `obtain` last gave, for its blobs. */
  repository(call: Call): Promise<Repository>;
  /** The commit that a ref of the upstream points at now, tags peeled; undefined where there is none. */
  peek(ref: string, call: Call): Promise<CommitSha | undefined>;
  /** Refs of the upstream whose full names start with `prefix`, which ends with a slash; at most 1000. */
  list(prefix: string, call: Call): Promise<readonly ListedRef[]>;
  /** As `obtain`, of commits with the histories that lead to them. */
  obtainHistories(shas: readonly CommitSha[], call: Call): Promise<Repository>;
  /** The tip of a notes ref, its objects being in `repository`. */
  obtainNotes(ref: string, call: Call): Promise<{ repository: Repository; tip: string | undefined }>;
  /** Moves a notes ref from `expected` to `next`. */
  publishNotes(
    ref: string,
    move: { readonly expected: string | undefined; readonly next: string },
    call: Call,
  ): Promise<PushOutcome>;
  /** Makes a branch, by its full name, at a commit that the repository of `obtainHistories` holds; never moves one. */
  publishBranch(ref: string, next: string, call: Call): Promise<PushOutcome>;
  /** Gives up a damaged clone, so that the next call makes a new one; false where there is none to give up. */
  discard(): Promise<boolean>;
  close(): Promise<void>;
}
