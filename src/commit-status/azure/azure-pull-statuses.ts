import type { CommitStatus } from '../../model/index.ts';
import type { HostClient } from '../host-client.ts';
import { createHostError, hostErrorCodes } from '../host-error.ts';
import { elementsOf, membersOf } from '../json-shape.ts';
import { createReadBackReporter, type PostedStatus } from '../read-back-reporter.ts';
import type { StatusReporter } from '../status-reporter.ts';
import { azureLimits } from './azure-limits.ts';
import { type AzureRepository, azureVersion } from './azure-repository.ts';
import { fromAzureStatus, isSameAzure, toAzureStatus, toPosted } from './azure-shapes.ts';

/**
 * Posts statuses to pull requests of Azure DevOps, each on the iteration that has the status's commit as its head.
 * Throws `STATUS_NOT_FOUND` while the pull request does not show such an iteration.
 */
export function createAzurePullStatuses(client: HostClient, repository: AzureRepository): StatusReporter {
  const pathOf = (status: CommitStatus) => `${repository.path}/pullRequests/${status.pullRequest?.number}`;
  return createReadBackReporter({
    name: 'azure',
    limits: azureLimits,
    async read(status, signal) {
      const iteration = await findIteration(client, pathOf(status), status.sha, signal);
      const request = { method: 'GET', path: `${pathOf(status)}/statuses`, query: azureVersion } as const;
      const newest = new Map<string, { readonly id: number; readonly posted: PostedStatus }>();
      for (const element of elementsOf(membersOf((await client.request(request, signal)).body).value)) {
        const { id, iterationId } = membersOf(element);
        const [context, posted] = fromAzureStatus(element);
        if (iterationId !== iteration || Number(id) < (newest.get(context)?.id ?? 0)) continue;
        newest.set(context, { id: Number(id), posted });
      }
      return {
        complete: true,
        byContext: new Map([...newest].map(([context, { posted }]) => [context, posted])),
      };
    },
    isSame: isSameAzure,
    async write(status, _posted, signal) {
      const iterationId = await findIteration(client, pathOf(status), status.sha, signal);
      const body = { ...toAzureStatus(status), iterationId };
      await client.request(
        { method: 'POST', path: `${pathOf(status)}/statuses`, query: azureVersion, body },
        signal,
      );
      return toPosted(status);
    },
  });
}

async function findIteration(
  client: HostClient,
  pullRequest: string,
  sha: string,
  signal: AbortSignal,
): Promise<number> {
  const request = { method: 'GET', path: `${pullRequest}/iterations`, query: azureVersion } as const;
  const iterations = elementsOf(membersOf((await client.request(request, signal)).body).value).map(membersOf);
  const own = iterations.filter(({ sourceRefCommit }) => membersOf(sourceRefCommit).commitId === sha);
  const id = Math.max(0, ...own.map((iteration) => Number(iteration.id)));
  if (id === 0)
    throw createHostError(
      hostErrorCodes.notFound,
      'azure: the pull request does not have this commit as its head',
    );
  return id;
}
