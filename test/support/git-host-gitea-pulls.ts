import type { Forge, ForgeComment, ForgePull } from './git-host-forge.ts';
import { type HostCall, type HostReply, paginate } from './git-host-server.ts';

const repo = '/api/v1/repos/acme/fleet';

/** Gitea's side of pull requests: comments on one page whatever is asked, no `Link`, pages of 50 at most. */
export function handleGiteaPulls(forge: Forge, call: HostCall): HostReply | undefined {
  if (call.path === '/api/v1/user')
    return forge.knowsOwnAccount
      ? { status: 200, body: { id: 7, login: 'muster' } }
      : {
          status: 403,
          body: { message: 'token does not have at least one of required scope(s): [read:user]' },
        };
  if (call.path === `${repo}/pulls`) return call.method === 'POST' ? create(forge, call) : list(forge, call);
  const [, number] = new RegExp(`^${repo}/issues/(\\d+)/comments$`).exec(call.path) ?? [];
  if (number !== undefined) {
    if (!forge.pull(Number(number))) return notFound;
    return call.method === 'POST'
      ? { status: 201, body: commentJson(forge.addComment(Number(number), String(call.body.body), true)) }
      : { status: 200, body: forge.comments(Number(number)).map(commentJson) };
  }
  const [, id] = new RegExp(`^${repo}/issues/comments/(\\d+)$`).exec(call.path) ?? [];
  if (id === undefined) return undefined;
  const comment = forge.findComment(Number(id));
  if (!comment) return notFound;
  if (!comment.own) return { status: 403, body: { message: 'user should have permission to edit comment' } };
  if (call.method === 'DELETE') {
    forge.removeComment(comment.id);
    return { status: 204 };
  }
  if (call.method !== 'PATCH') return { status: 405 };
  comment.body = String(call.body.body);
  return { status: 200, body: commentJson(comment) };
}

const notFound: HostReply = { status: 404, body: { message: "The target couldn't be found." } };

function commentJson({ id, own, body }: ForgeComment): object {
  return { id, body, user: own ? { id: 7, login: 'muster' } : { id: 8, login: 'mallory' } };
}

function list(forge: Forge, call: HostCall): HostReply {
  const all = call.query.get('state') === 'all';
  const { page } = paginate(
    forge.pulls((pull) => all || pull.open),
    call,
    '',
    'limit',
    50,
  );
  return { status: 200, body: page.map(pullJson) };
}

function create(forge: Forge, call: HostCall): HostReply {
  const { head, base, title, body } = call.body as Record<string, string>;
  if (!head || !base || !title) return { status: 422, body: { message: 'invalid' } };
  const pull = forge.create({ headBranch: head, base, title, body: body ?? '' });
  return pull
    ? { status: 201, body: pullJson(pull) }
    : { status: 409, body: { message: 'pull request already exists for these targets' } };
}

function pullJson(pull: ForgePull): object {
  return {
    number: pull.number,
    state: pull.open ? 'open' : 'closed',
    title: pull.title,
    draft: pull.draft,
    html_url: `https://gitea.example/acme/fleet/pulls/${pull.number}`,
    user: { login: pull.author },
    head: { label: pull.headBranch, ref: pull.headBranch, sha: pull.head, repo_id: pull.fork ? 2 : 1 },
    base: { label: pull.base, ref: pull.base, repo_id: 1 },
  };
}
