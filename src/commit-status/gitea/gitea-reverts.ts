import { roomyFormat } from '../comment-limits.ts';
import { toOpened } from '../github/github-reverts.ts';
import { repoPath } from '../github/github-shapes.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf } from '../json-shape.ts';
import { createOpenOnce } from '../open-once.ts';
import type { RevertPullRequests } from '../revert-pull-requests.ts';

/** Pages of the newest pull requests among which ours is looked for: the list knows no filter by branch. */
const maxPages = 4;

/** Opens revert pull requests at Gitea and Forgejo; `repo` is `owner/name`. */
export function createGiteaReverts(client: HostClient, repo: string): RevertPullRequests {
  const path = `${repoPath(repo)}/pulls`;
  return createOpenOnce({
    maxBytes: roomyFormat.maxBytes,
    async find({ branch }, signal) {
      for (let page = 1; page <= maxPages; page += 1) {
        const query = { state: 'all', sort: 'recentupdate', page, limit: 50 };
        const rows = elementsOf((await client.request({ method: 'GET', path, query }, signal)).body);
        const own = rows.find((row) => isFrom(membersOf(row), branch));
        if (own !== undefined) return toOpened(own);
        if (rows.length === 0) break;
      }
      return undefined;
    },
    async create({ branch, base, title, body }, signal) {
      const answer = await client.request(
        { method: 'POST', path, body: { head: branch, base, title, body } },
        signal,
      );
      return toOpened(answer.body);
    },
  });
}

function isFrom(row: Readonly<Record<string, unknown>>, branch: string): boolean {
  const [head, base] = [membersOf(row.head), membersOf(row.base)];
  return head.ref === branch && head.repo_id === base.repo_id;
}
