import type { ReporterLimits } from './status-reporter.ts';

/** The one comment that Muster keeps on a pull request for one purpose. */
export interface PullRequestComment {
  /** The number of the pull request, on GitLab the merge request's `iid`. */
  readonly pullRequest: number;
  /** Tells this comment from others of ours: `plan:<instance>:<repo>`; letters, digits and `:._/-`, at most 120. */
  readonly marker: string;
  /** Markdown for the host's `CommentFormat`; what passes its limit is cut. */
  readonly markdown: string;
  /** Where the whole of it can be read, for a text that had to be cut. */
  readonly wholeUrl?: string;
}

/** What a host renders and how much of it. */
export interface CommentFormat {
  /** Most bytes of UTF-8 in one comment, within what the host takes. */
  readonly maxBytes: number;
  /** Whether `<details>` folds; where it does not, no HTML is rendered at all. */
  readonly folds: boolean;
}

/**
 * Keeps one comment per pull request and marker: found again by marker and author, changed in place, silent where
 * it already says so, and single. Errors are `MusterError` with a code of `hostErrorCodes`.
 */
export interface PullRequestComments {
  /** Short and stable: it names the destination in the outbox, logs and errors. */
  readonly name: string;
  readonly limits: ReporterLimits;
  readonly format: CommentFormat;
  upsert(comment: PullRequestComment, signal: AbortSignal): Promise<void>;
}
