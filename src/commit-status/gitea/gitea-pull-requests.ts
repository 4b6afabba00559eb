import { repoPath } from '../github/github-shapes.ts';
import type { HostClient } from '../host-client.ts';
import { membersOf, textOf } from '../json-shape.ts';
import { asRead, createOpenList, readNumber, readSha, readUrl, rowsOfList } from '../list-open.ts';
import { nextByNumber } from '../next-page.ts';
import { branchRef, type OpenPullRequest, type OpenPullRequests } from '../open-pull-requests.ts';

/** Open pull requests at Gitea and Forgejo; `repo` is `owner/name`. */
export function createGiteaPullRequests(client: HostClient, repo: string): OpenPullRequests {
  return createOpenList({
    client,
    path: `${repoPath(repo)}/pulls`,
    query: { state: 'open', page: 1, limit: 50 },
    next: nextByNumber,
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
    mergeRef: undefined,
    author: textOf(membersOf(row.user).login),
    fork: head.repo_id !== base.repo_id,
    draft: row.draft === true,
    url: readUrl(row.html_url),
  };
}
