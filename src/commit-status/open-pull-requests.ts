import type { CommitSha } from '../model/index.ts';

/** An open pull or merge request, whatever its host calls it. Texts are its author's own: never trusted, never markup. */
export interface OpenPullRequest {
  readonly number: number;
  readonly title: string;
  /** The newest commit of its branch. */
  readonly head: CommitSha;
  /** Name of the source branch without `refs/heads/`, in the source repository. */
  readonly headBranch: string;
  /** A ref of the followed repository from which the head can be fetched; undefined where the host has none. */
  readonly headRef: string | undefined;
  /** Full name of the branch that it wants to go into: `refs/heads/main`. */
  readonly baseRef: string;
  /** The ref of a test merge, where the host makes one; it lags behind and may be absent. */
  readonly mergeRef: string | undefined;
  /** The account name of who opened it. */
  readonly author: string;
  /** Whether the head is in another repository: its content is a stranger's. */
  readonly fork: boolean;
  readonly draft: boolean;
  /** Its page at the host; empty where the host gives none. */
  readonly url: string;
}

/**
 * Tells which pull requests are open, newest first where the host sorts, at most 1000. Unchanged pages cost no rate
 * where the host knows `ETag`. Errors are `MusterError` with a code of `hostErrorCodes`.
 */
export interface OpenPullRequests {
  list(signal: AbortSignal): Promise<readonly OpenPullRequest[]>;
}

/** Most pull requests of one list. */
export const maxOpenPullRequests = 1_000;

/** The full name of a branch. */
export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

/** The name of a branch without `refs/heads/`. */
export function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
