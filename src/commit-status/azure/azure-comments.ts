import { commentLimits, roomyFormat } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { createOwnAccount, requireAccount } from '../own-account.ts';
import type { PullRequestComments } from '../pull-request-comments.ts';
import { createUpsertComments, type HostComment } from '../upsert-comments.ts';
import { type AzureRepository, azureVersion } from './azure-repository.ts';

interface AzureComment extends HostComment {
  readonly thread: number;
  readonly comment: number;
}

/** A thread that waits for nobody: "comments must be resolved" does not block on it. */
const closedThread = 4;
const textComment = 1;

/** Keeps comments on pull requests at Azure DevOps, each the first of a closed thread of its own. */
export function createAzureComments(client: HostClient, { path }: AzureRepository): PullRequestComments {
  const threadsOf = (number: number) => `${path}/pullRequests/${number}/threads`;
  const pathOf = (number: number, { thread, comment }: AzureComment) =>
    `${threadsOf(number)}/${thread}/comments/${comment}`;
  const who = {
    method: 'GET',
    path: '/_apis/connectionData',
    query: { 'api-version': '7.1-preview' },
  } as const;
  const account = createOwnAccount(
    client,
    who,
    ({ body }) => membersOf(membersOf(body).authenticatedUser).id,
  );
  return createUpsertComments<AzureComment>({
    name: 'azure-comments',
    limits: commentLimits,
    format: roomyFormat,
    async *list(number, signal) {
      const own = await requireAccount(account, 'azure', signal);
      const answer = await client.request(
        { method: 'GET', path: threadsOf(number), query: azureVersion },
        signal,
      );
      for (const element of elementsOf(membersOf(answer.body).value)) yield* toComments(element, own);
    },
    async create(number, body, signal) {
      const comments = [{ content: body, commentType: textComment, parentCommentId: 0 }];
      const request = { method: 'POST', path: threadsOf(number), query: azureVersion } as const;
      const answer = await client.request({ ...request, body: { comments, status: closedThread } }, signal);
      const thread = Number(membersOf(answer.body).id);
      const [first] = elementsOf(membersOf(answer.body).comments);
      const comment = Number(membersOf(first).id ?? 1);
      return { id: `${thread}/${comment}`, thread, comment, body, isOwn: true };
    },
    async update(number, comment, body, signal) {
      const request = { method: 'PATCH', path: pathOf(number, comment), query: azureVersion } as const;
      await client.request({ ...request, body: { content: body } }, signal);
      return { ...comment, body };
    },
    async remove(number, comment, signal) {
      await client.request({ method: 'DELETE', path: pathOf(number, comment), query: azureVersion }, signal);
    },
  });
}

function toComments(element: unknown, own: string): readonly AzureComment[] {
  const { id: threadId, comments, isDeleted } = membersOf(element);
  if (isDeleted === true) return [];
  const thread = Number(threadId);
  return elementsOf(comments)
    .map(membersOf)
    .filter((row) => row.isDeleted !== true)
    .map((row) => {
      const comment = Number(row.id);
      const isOwn = textOf(membersOf(row.author).id).toLowerCase() === own.toLowerCase();
      return { id: `${thread}/${comment}`, thread, comment, body: textOf(row.content), isOwn };
    });
}
