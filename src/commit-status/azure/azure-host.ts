import type { GitHost } from '../git-host.ts';
import type { HostClient } from '../host-client.ts';
import { createAzureComments } from './azure-comments.ts';
import { createAzurePullRequests } from './azure-pull-requests.ts';
import { createAzureReporter } from './azure-reporter.ts';
import { azureRepository } from './azure-repository.ts';

/** A repository at Azure DevOps, `project/name` of the organization or collection at `apiUrl`. */
export function createAzureHost(client: HostClient, apiUrl: string, repo: string): GitHost {
  const repository = azureRepository(apiUrl, repo);
  return {
    statuses: createAzureReporter(client, repository),
    comments: createAzureComments(client, repository),
    pullRequests: createAzurePullRequests(client, repository),
  };
}
