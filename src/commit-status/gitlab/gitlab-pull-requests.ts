import type { HostClient } from '../host-client.ts';
import { membersOf, textOf } from '../json-shape.ts';
import { asRead, createOpenList, readNumber, readSha, readUrl, rowsOfList } from '../list-open.ts';
import { branchRef, type OpenPullRequest, type OpenPullRequests } from '../open-pull-requests.ts';
import { projectPath } from './gitlab-shapes.ts';

/** Open merge requests at GitLab, newest first; `repo` is the project's id or full path. */
export function createGitlabPullRequests(client: HostClient, repo: string): OpenPullRequests {
  return createOpenList({
    client,
    path: `${projectPath(repo)}/merge_requests`,
    query: { state: 'opened', order_by: 'created_at', sort: 'desc', per_page: 50 },
    rows: rowsOfList,
    read: toPullRequest,
    complete: asRead,
  });
}

function toPullRequest(row: Readonly<Record<string, unknown>>): OpenPullRequest | undefined {
  // A merge request that was opened from an empty branch has no head yet.
  if (row.sha === null) return undefined;
  const number = readNumber(row.iid);
  return {
    number,
    title: textOf(row.title),
    head: readSha(row.sha),
    headBranch: textOf(row.source_branch),
    headRef: `refs/merge-requests/${number}/head`,
    baseRef: branchRef(textOf(row.target_branch)),
    mergeRef: `refs/merge-requests/${number}/merge`,
    author: textOf(membersOf(row.author).username),
    fork: row.source_project_id !== row.target_project_id,
    draft: row.draft === true || row.work_in_progress === true,
    url: readUrl(row.web_url),
  };
}
