import type { GitHost } from '../git-host.ts';
import type { HostClient } from '../host-client.ts';
import { createGithubComments, type GithubIdentity } from './github-comments.ts';
import { createGithubPullRequests } from './github-pull-requests.ts';
import { createGithubReporter } from './github-reporter.ts';
import { createGithubReverts } from './github-reverts.ts';

/** A repository at GitHub; `repo` is `owner/name`. */
export function createGithubHost(client: HostClient, repo: string, identity: GithubIdentity): GitHost {
  return {
    statuses: createGithubReporter(client, repo),
    comments: createGithubComments(client, repo, identity),
    pullRequests: createGithubPullRequests(client, repo),
    reverts: createGithubReverts(client, repo),
  };
}
