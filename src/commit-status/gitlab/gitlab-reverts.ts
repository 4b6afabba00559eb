import { roomyFormat } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf } from '../json-shape.ts';
import { readNumber, readUrl } from '../list-open.ts';
import { createOpenOnce } from '../open-once.ts';
import type { OpenedRevert, RevertPullRequests } from '../revert-pull-requests.ts';
import { projectPath } from './gitlab-shapes.ts';

/** Opens revert merge requests at GitLab; `repo` is the project's id or full path. */
export function createGitlabReverts(client: HostClient, repo: string): RevertPullRequests {
  const path = `${projectPath(repo)}/merge_requests`;
  return createOpenOnce({
    maxBytes: roomyFormat.maxBytes,
    async find({ branch }, signal) {
      const query = { state: 'all', source_branch: branch, per_page: 100 };
      const answer = await client.request({ method: 'GET', path, query }, signal);
      // A fork may have a branch of the same name.
      const row = elementsOf(answer.body)
        .map(membersOf)
        .find((one) => one.source_project_id === one.target_project_id);
      return row === undefined ? undefined : toOpened(row);
    },
    async create({ branch, base, title, body }, signal) {
      const fields = { source_branch: branch, target_branch: base, title, description: body };
      const answer = await client.request({ method: 'POST', path, body: fields }, signal);
      return toOpened(answer.body);
    },
  });
}

function toOpened(row: unknown): Omit<OpenedRevert, 'isNew'> {
  const { iid, web_url } = membersOf(row);
  return { number: readNumber(iid), url: readUrl(web_url) };
}
