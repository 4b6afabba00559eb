import type { GitHost } from '../git-host.ts';
import type { HostClient } from '../host-client.ts';
import { createBitbucketServerComments } from './bitbucket-server-comments.ts';
import { createBitbucketServerPullRequests } from './bitbucket-server-pull-requests.ts';
import { type BitbucketServerOptions, createBitbucketServerReporter } from './bitbucket-server-reporter.ts';

/** A repository at Bitbucket Data Center. */
export function createBitbucketServerHost(client: HostClient, options: BitbucketServerOptions): GitHost {
  return {
    statuses: createBitbucketServerReporter(client, options),
    comments: createBitbucketServerComments(client, options.repo),
    pullRequests: createBitbucketServerPullRequests(client, options.repo),
  };
}
