import { bitbucketFormat, commentLimits } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { nextByStart } from '../next-page.ts';
import { createOwnAccount, requireAccount } from '../own-account.ts';
import type { PullRequestComments } from '../pull-request-comments.ts';
import { createUpsertComments, type HostComment } from '../upsert-comments.ts';
import { bitbucketServerPath } from './bitbucket-server-path.ts';

interface ServerComment extends HostComment {
  readonly id: number;
  /** What a change must name: another one in between is refused with 409. */
  readonly version: number;
}

/** Keeps comments on pull requests at Bitbucket Data Center; `repo` is `PROJECT/name`. */
export function createBitbucketServerComments(client: HostClient, repo: string): PullRequestComments {
  const repoPath = bitbucketServerPath(repo);
  const pullOf = (number: number) => `${repoPath}/pull-requests/${number}`;
  const account = createOwnAccount(client, { method: 'GET', path: repoPath }, ({ headers }) =>
    userOf(headers),
  );
  return createUpsertComments<ServerComment>({
    name: 'bitbucket-server-comments',
    limits: commentLimits,
    format: bitbucketFormat,
    async *list(number, signal) {
      const own = await requireAccount(account, 'bitbucket-server', signal);
      const request = { method: 'GET', path: `${pullOf(number)}/activities`, query: { limit: 100 } } as const;
      const found: ServerComment[] = [];
      for await (const page of client.pages(request, signal, nextByStart))
        for (const element of elementsOf(membersOf(page).values)) found.push(...toComments(element, own));
      // Activities come newest first.
      yield* found.reverse();
    },
    async create(number, body, signal) {
      const path = `${pullOf(number)}/comments`;
      const answer = await client.request({ method: 'POST', path, body: { text: body } }, signal);
      return toOwn(answer.body, body);
    },
    async update(number, { id, version }, body, signal) {
      const path = `${pullOf(number)}/comments/${id}`;
      const answer = await client.request({ method: 'PUT', path, body: { text: body, version } }, signal);
      return toOwn(answer.body, body);
    },
    async remove(number, { id, version }, signal) {
      const path = `${pullOf(number)}/comments/${id}`;
      await client.request({ method: 'DELETE', path, query: { version } }, signal);
    },
  });
}

/** Every answer to a request that was signed in names the user, encoded as in a URL. */
function userOf(headers: Headers): string | undefined {
  const name = headers.get('x-ausername');
  if (name === null || name === '') return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function toComments(element: unknown, own: string): readonly ServerComment[] {
  const { action, commentAction, comment } = membersOf(element);
  if (action !== 'COMMENTED' || commentAction !== 'ADDED') return [];
  const { id, version, text, author } = membersOf(comment);
  const isOwn = textOf(membersOf(author).name).toLowerCase() === own.toLowerCase();
  return [{ id: Number(id), version: Number(version), body: textOf(text), isOwn }];
}

function toOwn(answer: unknown, body: string): ServerComment {
  const { id, version } = membersOf(answer);
  return { id: Number(id), version: Number(version), body, isOwn: true };
}
