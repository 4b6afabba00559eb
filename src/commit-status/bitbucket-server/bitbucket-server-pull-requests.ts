import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { asRead, createOpenList, readNumber, readSha, readUrl } from '../list-open.ts';
import { nextByStart } from '../next-page.ts';
import { branchName, type OpenPullRequest, type OpenPullRequests } from '../open-pull-requests.ts';
import { bitbucketServerPath } from './bitbucket-server-path.ts';

/** Open pull requests at Bitbucket Data Center, newest first; `repo` is `PROJECT/name`. */
export function createBitbucketServerPullRequests(client: HostClient, repo: string): OpenPullRequests {
  return createOpenList({
    client,
    path: `${bitbucketServerPath(repo)}/pull-requests`,
    query: { state: 'OPEN', order: 'NEWEST', limit: 100 },
    next: nextByStart,
    rows: (page) => elementsOf(membersOf(page).values),
    read: toPullRequest,
    complete: asRead,
  });
}

function toPullRequest(row: Readonly<Record<string, unknown>>): OpenPullRequest {
  const number = readNumber(row.id);
  const [from, to] = [membersOf(row.fromRef), membersOf(row.toRef)];
  const fork = membersOf(from.repository).id !== membersOf(to.repository).id;
  const [self] = elementsOf(membersOf(row.links).self);
  return {
    number,
    title: textOf(row.title),
    head: readSha(from.latestCommit),
    headBranch: branchName(textOf(from.id)),
    // `refs/pull-requests/N/from` is made when somebody looks, so it serves only where nothing else does.
    headRef: fork ? `refs/pull-requests/${number}/from` : textOf(from.id),
    baseRef: textOf(to.id),
    mergeRef: `refs/pull-requests/${number}/merge`,
    author: textOf(membersOf(membersOf(row.author).user).name),
    fork,
    draft: row.draft === true,
    url: readUrl(membersOf(self).href),
  };
}
