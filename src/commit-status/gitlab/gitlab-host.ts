import type { Clock } from '../../runtime/index.ts';
import type { GitHost } from '../git-host.ts';
import type { HostClient } from '../host-client.ts';
import { createGitlabComments } from './gitlab-comments.ts';
import { createGitlabPullRequests } from './gitlab-pull-requests.ts';
import { createGitlabReporter, type GitlabOptions } from './gitlab-reporter.ts';
import { createGitlabReverts } from './gitlab-reverts.ts';

/** A project at GitLab. */
export function createGitlabHost(
  deps: { readonly client: HostClient; readonly clock: Clock },
  options: GitlabOptions,
): GitHost {
  return {
    statuses: createGitlabReporter(deps, options),
    comments: createGitlabComments(deps.client, options.repo),
    pullRequests: createGitlabPullRequests(deps.client, options.repo),
    reverts: createGitlabReverts(deps.client, options.repo),
  };
}
