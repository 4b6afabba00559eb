import type { CommitSha } from '../model/index.ts';
import { commentLimits } from './comment-limits.ts';
import type { RevertPullRequests, RevertRequest } from './revert-pull-requests.ts';
import type { ReporterLimits } from './status-reporter.ts';

/** A bad revision with the pull request that takes it back. */
export interface OwedRevert extends RevertRequest {
  readonly sha: CommitSha;
}

/** Pushes a branch with one commit on top of `sha` that takes it back; `root` where there is nothing before it. */
export type PushRevert = (
  want: { readonly sha: CommitSha; readonly branch: string; readonly message: string },
  signal: AbortSignal,
) => Promise<'pushed' | 'exists' | 'root'>;

/** Proposes to take bad revisions back, each once, whatever was lost in between. */
export interface RevertReporter {
  readonly name: string;
  readonly limits: ReporterLimits;
  report(revert: OwedRevert, signal: AbortSignal): Promise<void>;
}

/** Pushes the branch first: a host opens no pull request without one. */
export function createRevertReporter(deps: {
  readonly pushRevert: PushRevert;
  readonly reverts: RevertPullRequests;
}): RevertReporter {
  return {
    name: 'reverts',
    limits: { ...commentLimits, writesPerHour: 20, stalledRetryMs: 3_600_000 },
    async report({ sha, ...request }, signal) {
      const message = `${request.title}\n\nThis reverts commit ${sha}.\n`;
      const outcome = await deps.pushRevert({ sha, branch: request.branch, message }, signal);
      if (outcome !== 'root') await deps.reverts.openRevert(request, signal);
    },
  };
}
