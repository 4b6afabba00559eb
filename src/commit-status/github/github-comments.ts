import { commentLimits, githubFormat } from '../comment-limits.ts';
import type { HostClient } from '../host-client.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { createOwnAccount } from '../own-account.ts';
import type { PullRequestComments } from '../pull-request-comments.ts';
import { createUpsertComments, type HostComment } from '../upsert-comments.ts';
import { repoPath } from './github-shapes.ts';

interface GithubComment extends HostComment {
  readonly id: number;
}

/** Whose comments are ours: the token's user, or the app with this id or client id. */
export type GithubIdentity = { readonly kind: 'user' } | { readonly kind: 'app'; readonly appId: string };

/** Keeps comments on pull requests at GitHub; `repo` is `owner/name`. */
export function createGithubComments(
  client: HostClient,
  repo: string,
  identity: GithubIdentity,
): PullRequestComments {
  const issues = `${repoPath(repo)}/issues`;
  const account = createOwnAccount(
    client,
    { method: 'GET', path: '/user' },
    ({ body }) => membersOf(body).login,
  );
  const recogniser = async (signal: AbortSignal): Promise<(row: Members) => boolean> => {
    if (identity.kind === 'app') return (row) => isByApp(row, identity.appId);
    const login = (await account(signal))?.toLowerCase();
    // The token of a job may not ask who it is; what it writes is a bot's.
    if (login === undefined) return (row) => membersOf(row.user).type === 'Bot';
    return (row) => textOf(membersOf(row.user).login).toLowerCase() === login;
  };
  return createUpsertComments<GithubComment>({
    name: 'github-comments',
    limits: commentLimits,
    format: githubFormat,
    async *list(pullRequest, signal) {
      const isOwn = await recogniser(signal);
      const request = {
        method: 'GET',
        path: `${issues}/${pullRequest}/comments`,
        query: { per_page: 100 },
      } as const;
      for await (const page of client.pages(request, signal))
        for (const element of elementsOf(page))
          yield toComment(membersOf(element), isOwn(membersOf(element)));
    },
    async create(pullRequest, body, signal) {
      const path = `${issues}/${pullRequest}/comments`;
      const answer = await client.request({ method: 'POST', path, body: { body } }, signal);
      return { ...toComment(membersOf(answer.body), true), body };
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

type Members = Readonly<Record<string, unknown>>;

function toComment(row: Members, isOwn: boolean): GithubComment {
  return { id: Number(row.id), body: textOf(row.body), isOwn };
}

function isByApp(row: Members, appId: string): boolean {
  const app = membersOf(row.performed_via_github_app);
  return String(app.id) === appId || textOf(app.client_id) === appId;
}
