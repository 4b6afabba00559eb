import type { OpenPullRequests } from './open-pull-requests.ts';
import type { PullRequestComments } from './pull-request-comments.ts';
import type { RevertPullRequests } from './revert-pull-requests.ts';
import type { StatusReporter } from './status-reporter.ts';

/** Everything that Muster does at one repository of one Git host, over one client with one credential. */
export interface GitHost {
  readonly statuses: StatusReporter;
  readonly comments: PullRequestComments;
  readonly pullRequests: OpenPullRequests;
  /** On GitHub, GitLab and Gitea. */
  readonly reverts?: RevertPullRequests;
}
