import { commentLimits, roomyFormat } from '../comment-limits.ts';
import { repoPath } from '../github/github-shapes.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { createOwnAccount, requireAccount } from '../own-account.ts';
import type { PullRequestComments } from '../pull-request-comments.ts';
import { createUpsertComments, type HostComment } from '../upsert-comments.ts';

interface GiteaComment extends HostComment {
  readonly id: number;
}

const maxPages = 20;

/** Keeps comments on pull requests at Gitea and Forgejo; the token needs `read:user` besides `write:issue`. */
export function createGiteaComments(client: HostClient, repo: string): PullRequestComments {
  const issues = `${repoPath(repo)}/issues`;
  const account = createOwnAccount(
    client,
    { method: 'GET', path: '/user' },
    ({ body }) => membersOf(body).login,
  );
  return createUpsertComments<GiteaComment>({
    name: 'gitea-comments',
    limits: commentLimits,
    format: roomyFormat,
    async *list(pullRequest, signal) {
      const own = await requireAccount(account, 'gitea', signal);
      const seen = new Set<number>();
      // Some versions answer every page with all comments: read until a page brings nothing new.
      for (let page = 1; page <= maxPages; page += 1) {
        const path = `${issues}/${pullRequest}/comments`;
        const answer = await client.request({ method: 'GET', path, query: { page, limit: 50 } }, signal);
        const fresh = elementsOf(answer.body)
          .map((element) => toComment(element, own))
          .filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const comment of fresh) seen.add(comment.id);
        yield* fresh;
      }
    },
    async create(pullRequest, body, signal) {
      const path = `${issues}/${pullRequest}/comments`;
      const answer = await client.request({ method: 'POST', path, body: { body } }, signal);
      return { id: Number(membersOf(answer.body).id), body, isOwn: true };
    },
    async update(_pullRequest, { id }, body, signal) {
      await client.request({ method: 'PATCH', path: `${issues}/comments/${id}`, body: { body } }, signal);
      return { id, body, isOwn: true };
    },
    async remove(_pullRequest, { id }, signal) {
      await client.request({ method: 'DELETE', path: `${issues}/comments/${id}` }, signal);
    },
  });
}

function toComment(element: unknown, own: string): GiteaComment {
  const { id, body, user } = membersOf(element);
  const isOwn = textOf(membersOf(user).login).toLowerCase() === own.toLowerCase();
  return { id: Number(id), body: textOf(body), isOwn };
}
