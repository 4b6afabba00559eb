import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf } from '../json-shape.ts';
import { nextBySkip } from '../next-page.ts';
import { createReadBackReporter, type PostedStatus } from '../read-back-reporter.ts';
import type { StatusReporter } from '../status-reporter.ts';
import { azureLimits } from './azure-limits.ts';
import { createAzurePullStatuses } from './azure-pull-statuses.ts';
import { type AzureRepository, azureVersion } from './azure-repository.ts';
import { fromAzureStatus, isSameAzure, toAzureStatus, toPosted } from './azure-shapes.ts';

/** Posts statuses to Azure DevOps: on the commit, and on the pull request whose head it is, where policies look. */
export function createAzureReporter(client: HostClient, repository: AzureRepository): StatusReporter {
  const onCommit = createAzureCommitStatuses(client, repository);
  const onPullRequest = createAzurePullStatuses(client, repository);
  return {
    name: 'azure',
    limits: azureLimits,
    async report(status, signal) {
      await onCommit.report(status, signal);
      if (status.pullRequest) await onPullRequest.report(status, signal);
    },
  };
}

function createAzureCommitStatuses(client: HostClient, { path }: AzureRepository): StatusReporter {
  return createReadBackReporter({
    name: 'azure',
    limits: azureLimits,
    async read(status, signal) {
      const byContext = new Map<string, PostedStatus>();
      const request = {
        method: 'GET',
        path: `${path}/commits/${status.sha}/statuses`,
        query: { ...azureVersion, latestOnly: 'true', top: 100, skip: 0 },
      } as const;
      for await (const page of client.pages(request, signal, nextBySkip('skip')))
        for (const element of elementsOf(membersOf(page).value)) byContext.set(...fromAzureStatus(element));
      return { complete: true, byContext };
    },
    isSame: isSameAzure,
    async write(status, _posted, signal) {
      const request = {
        method: 'POST',
        path: `${path}/commits/${status.sha}/statuses`,
        query: azureVersion,
        body: toAzureStatus(status),
      } as const;
      await client.request(request, signal);
      return toPosted(status);
    },
  });
}
