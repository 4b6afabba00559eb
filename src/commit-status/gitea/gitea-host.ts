import type { GitHost } from '../git-host.ts';
import type { HostClient } from '../host-client.ts';
import { createGiteaComments } from './gitea-comments.ts';
import { createGiteaPullRequests } from './gitea-pull-requests.ts';
import { createGiteaReporter } from './gitea-reporter.ts';
import { createGiteaReverts } from './gitea-reverts.ts';

/** A repository at Gitea or Forgejo; `repo` is `owner/name`. */
export function createGiteaHost(client: HostClient, repo: string): GitHost {
  return {
    statuses: createGiteaReporter(client, repo),
    comments: createGiteaComments(client, repo),
    pullRequests: createGiteaPullRequests(client, repo),
    reverts: createGiteaReverts(client, repo),
  };
}
