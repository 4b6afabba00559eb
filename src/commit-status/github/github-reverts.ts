import { githubFormat } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf } from '../json-shape.ts';
import { readNumber, readUrl } from '../list-open.ts';
import { createOpenOnce } from '../open-once.ts';
import type { RevertPullRequests } from '../revert-pull-requests.ts';
import { repoPath } from './github-shapes.ts';

/** Opens revert pull requests at GitHub; `repo` is `owner/name`. */
export function createGithubReverts(client: HostClient, repo: string): RevertPullRequests {
  const path = `${repoPath(repo)}/pulls`;
  const [owner = ''] = repo.split('/');
  return createOpenOnce({
    maxBytes: githubFormat.maxBytes,
    async find({ branch }, signal) {
      const query = { state: 'all', head: `${owner}:${branch}`, per_page: 1 };
      const answer = await client.request({ method: 'GET', path, query }, signal);
      const [row] = elementsOf(answer.body);
      return row === undefined ? undefined : toOpened(row);
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

/** A pull request of GitHub or Gitea, as far as a revert needs it. */
export function toOpened(row: unknown): { readonly number: number; readonly url: string } {
  const { number, html_url } = membersOf(row);
  return { number: readNumber(number), url: readUrl(html_url) };
}
