import type { HostClient } from '../host-client.ts';
import { membersOf, textOf } from '../json-shape.ts';
import { asRead, createOpenList, readNumber, readSha, readUrl, rowsOfList } from '../list-open.ts';
import { branchRef, type OpenPullRequest, type OpenPullRequests } from '../open-pull-requests.ts';
import { repoPath } from './github-shapes.ts';

/** Open pull requests at GitHub, newest first; `repo` is `owner/name`. */
export function createGithubPullRequests(client: HostClient, repo: string): OpenPullRequests {
  return createOpenList({
    client,
    path: `${repoPath(repo)}/pulls`,
    query: { state: 'open', sort: 'created', direction: 'desc', per_page: 50 },
    rows: rowsOfList,
    read: toPullRequest,
    complete: asRead,
  });
}

function toPullRequest(row: Readonly<Record<string, unknown>>): OpenPullRequest {
  const number = readNumber(row.number);
  const [head, base] = [membersOf(row.head), membersOf(row.base)];
  return {
    number,
    title: textOf(row.title),
    head: readSha(head.sha),
    headBranch: textOf(head.ref),
    headRef: `refs/pull/${number}/head`,
    baseRef: branchRef(textOf(base.ref)),
    mergeRef: `refs/pull/${number}/merge`,
    author: textOf(membersOf(row.user).login),
    // The repository of a head whose fork was deleted is null.
    fork: membersOf(head.repo).id !== membersOf(base.repo).id,
    draft: row.draft === true,
    url: readUrl(row.html_url),
  };
}
