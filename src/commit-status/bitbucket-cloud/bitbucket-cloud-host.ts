import type { GitHost } from '../git-host.ts';
import type { HostClient } from '../host-client.ts';
import { createBitbucketCloudComments } from './bitbucket-cloud-comments.ts';
import { createBitbucketCloudPullRequests } from './bitbucket-cloud-pull-requests.ts';
import { createBitbucketCloudReporter } from './bitbucket-cloud-reporter.ts';

/** A repository at Bitbucket Cloud; `repo` is `workspace/name`. */
export function createBitbucketCloudHost(client: HostClient, repo: string): GitHost {
  return {
    statuses: createBitbucketCloudReporter(client, repo),
    comments: createBitbucketCloudComments(client, repo),
    pullRequests: createBitbucketCloudPullRequests(client, repo),
  };
}
