import { commentLimits, roomyFormat } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { createOwnAccount, requireAccount } from '../own-account.ts';
import type { PullRequestComments } from '../pull-request-comments.ts';
import { createUpsertComments, type HostComment } from '../upsert-comments.ts';
import { projectPath } from './gitlab-shapes.ts';

interface GitlabNote extends HostComment {
  readonly id: number;
}

/** Keeps notes on merge requests at GitLab; `repo` is the project's id or full path. */
export function createGitlabComments(client: HostClient, repo: string): PullRequestComments {
  const notesOf = (iid: number) => `${projectPath(repo)}/merge_requests/${iid}/notes`;
  const account = createOwnAccount(
    client,
    { method: 'GET', path: '/user' },
    ({ body }) => membersOf(body).id,
  );
  return createUpsertComments<GitlabNote>({
    name: 'gitlab-comments',
    limits: commentLimits,
    format: roomyFormat,
    async *list(iid, signal) {
      const own = await requireAccount(account, 'gitlab', signal);
      const query = { sort: 'asc', order_by: 'created_at', per_page: 100 };
      for await (const page of client.pages({ method: 'GET', path: notesOf(iid), query }, signal))
        for (const element of elementsOf(page)) yield toNote(element, own);
    },
    async create(iid, body, signal) {
      const answer = await client.request({ method: 'POST', path: notesOf(iid), body: { body } }, signal);
      return { id: Number(membersOf(answer.body).id), body, isOwn: true };
    },
    async update(iid, { id }, body, signal) {
      await client.request({ method: 'PUT', path: `${notesOf(iid)}/${id}`, body: { body } }, signal);
      return { id, body, isOwn: true };
    },
    async remove(iid, { id }, signal) {
      await client.request({ method: 'DELETE', path: `${notesOf(iid)}/${id}` }, signal);
    },
  });
}

function toNote(element: unknown, own: string): GitlabNote {
  const { id, body, author, system } = membersOf(element);
  const isOwn = String(membersOf(author).id) === own && system !== true;
  return { id: Number(id), body: textOf(body), isOwn };
}
