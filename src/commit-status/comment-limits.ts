import type { CommentFormat } from './pull-request-comments.ts';
import type { ReporterLimits } from './status-reporter.ts';

/** Creating a comment notifies people, so that hosts throttle it more than a status: three seconds apart, few an hour. */
export const commentLimits: ReporterLimits = {
  minIntervalMs: 3_000,
  writesPerHour: 100,
  recordsPerContext: Number.POSITIVE_INFINITY,
  stalledRetryMs: 15 * 60_000,
};

/** Hosts that take 150,000 characters and more get as much as somebody may still read. */
export const roomyFormat: CommentFormat = { maxBytes: 120_000, folds: true };

/** GitHub refuses beyond 65,536 characters, or 262,144 bytes; 60,000 bytes pass by either rule. */
export const githubFormat: CommentFormat = { maxBytes: 60_000, folds: true };

/** Bitbucket takes 32,768 characters and renders no HTML. */
export const bitbucketFormat: CommentFormat = { maxBytes: 30_000, folds: false };
