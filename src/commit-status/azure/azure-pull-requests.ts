import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { asRead, createOpenList, readNumber, readSha } from '../list-open.ts';
import { nextBySkip } from '../next-page.ts';
import { branchName, type OpenPullRequest, type OpenPullRequests } from '../open-pull-requests.ts';
import { type AzureRepository, azureVersion } from './azure-repository.ts';

/** Active pull requests at Azure DevOps, newest first. */
export function createAzurePullRequests(client: HostClient, repository: AzureRepository): OpenPullRequests {
  return createOpenList({
    client,
    path: `${repository.path}/pullrequests`,
    query: { ...azureVersion, 'searchCriteria.status': 'active', $top: 100, $skip: 0 },
    next: nextBySkip(),
    rows: (page) => elementsOf(membersOf(page).value),
    read: (row) => toPullRequest(row, repository),
    complete: asRead,
  });
}

function toPullRequest(
  row: Readonly<Record<string, unknown>>,
  repository: AzureRepository,
): OpenPullRequest | undefined {
  // It is absent for a moment after the opening.
  const head = membersOf(row.lastMergeSourceCommit).commitId;
  if (head === undefined || head === null) return undefined;
  const number = readNumber(row.pullRequestId);
  const fork = row.forkSource !== undefined && row.forkSource !== null;
  return {
    number,
    title: textOf(row.title),
    head: readSha(head),
    headBranch: branchName(textOf(row.sourceRefName)),
    headRef: fork ? undefined : textOf(row.sourceRefName),
    baseRef: textOf(row.targetRefName),
    mergeRef: `refs/pull/${number}/merge`,
    author: textOf(membersOf(row.createdBy).uniqueName) || textOf(membersOf(row.createdBy).displayName),
    fork,
    draft: row.isDraft === true,
    url: repository.pullRequestUrl(number),
  };
}
