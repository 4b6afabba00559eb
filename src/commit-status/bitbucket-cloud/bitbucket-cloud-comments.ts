import { bitbucketFormat, commentLimits } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { nextByMember } from '../next-page.ts';
import { createOwnAccount } from '../own-account.ts';
import type { PullRequestComments } from '../pull-request-comments.ts';
import { createUpsertComments, type HostComment } from '../upsert-comments.ts';
import { bitbucketRepoPath } from './bitbucket-repo-path.ts';

interface BitbucketComment extends HostComment {
  readonly id: number;
}

/** Keeps comments on pull requests at Bitbucket Cloud; `repo` is `workspace/name`. */
export function createBitbucketCloudComments(client: HostClient, repo: string): PullRequestComments {
  const commentsOf = (number: number) => `${bitbucketRepoPath(repo)}/pullrequests/${number}/comments`;
  const account = createOwnAccount(
    client,
    { method: 'GET', path: '/user' },
    ({ body }) => membersOf(body).uuid,
  );
  return createUpsertComments<BitbucketComment>({
    name: 'bitbucket-comments',
    limits: commentLimits,
    format: bitbucketFormat,
    async *list(number, signal) {
      const own = await account(signal);
      const query = { pagelen: 100, sort: 'created_on' };
      const request = { method: 'GET', path: commentsOf(number), query } as const;
      for await (const page of client.pages(request, signal, nextByMember))
        for (const element of elementsOf(membersOf(page).values)) yield toComment(element, own);
    },
    async create(number, body, signal) {
      const answer = await client.request(
        { method: 'POST', path: commentsOf(number), body: { content: { raw: body } } },
        signal,
      );
      return { id: Number(membersOf(answer.body).id), body, isOwn: true };
    },
    async update(number, { id }, body, signal) {
      const path = `${commentsOf(number)}/${id}`;
      await client.request({ method: 'PUT', path, body: { content: { raw: body } } }, signal);
      return { id, body, isOwn: true };
    },
    async remove(number, { id }, signal) {
      await client.request({ method: 'DELETE', path: `${commentsOf(number)}/${id}` }, signal);
    },
  });
}

function toComment(element: unknown, own: string | undefined): BitbucketComment {
  const { id, content, user, deleted } = membersOf(element);
  const { uuid, type } = membersOf(user);
  // The token of a repository may not ask who it is; what it writes is not a person's.
  const isByUs = own === undefined ? type === 'app_user' : uuid === own;
  return { id: Number(id), body: textOf(membersOf(content).raw), isOwn: isByUs && deleted !== true };
}
