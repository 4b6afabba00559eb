import type { Forge, ForgeComment, ForgePull } from './git-host-forge.ts';
import { type HostCall, type HostReply, paginate, withEtag } from './git-host-server.ts';

const repo = '/repos/acme/fleet';

/** GitHub's side of pull requests: comments up to 65,536 characters, `ETag`s, app and user authors. */
export function handleGithubPulls(
  forge: Forge,
  call: HostCall,
  origin: string,
  token: string,
): HostReply | undefined {
  const byApp = token.startsWith('ghs_');
  if (call.path === '/user') {
    const mayAsk = forge.knowsOwnAccount && !byApp;
    return mayAsk
      ? { status: 200, body: { login: 'Muster-Bot', type: 'User' } }
      : { status: 403, body: { message: 'Resource not accessible by integration' } };
  }
  if (call.path === `${repo}/pulls`)
    return call.method === 'POST' ? create(forge, call) : list(forge, call, origin);
  const toJson = (comment: ForgeComment) => commentJson(comment, byApp, forge.knowsOwnAccount);
  const [, number] = new RegExp(`^${repo}/issues/(\\d+)/comments$`).exec(call.path) ?? [];
  if (number !== undefined) {
    if (!forge.pull(Number(number))) return notFound;
    if (call.method === 'POST') {
      const refusal = checkBody(call);
      return (
        refusal ?? {
          status: 201,
          body: toJson(forge.addComment(Number(number), String(call.body.body), true)),
        }
      );
    }
    const { page, headers } = paginate(forge.comments(Number(number)), call, origin, 'per_page', 100);
    return { status: 200, headers, body: page.map(toJson) };
  }
  const [, id] = new RegExp(`^${repo}/issues/comments/(\\d+)$`).exec(call.path) ?? [];
  if (id === undefined) return undefined;
  const comment = forge.findComment(Number(id));
  if (!comment) return notFound;
  if (call.method === 'DELETE') {
    forge.removeComment(comment.id);
    return { status: 204 };
  }
  const refusal = call.method === 'PATCH' ? checkBody(call) : notFound;
  if (refusal) return refusal;
  comment.body = String(call.body.body);
  return { status: 200, body: toJson(comment) };
}

const notFound: HostReply = { status: 404, body: { message: 'Not Found' } };

function checkBody(call: HostCall): HostReply | undefined {
  const body = String(call.body.body ?? '');
  if (body !== '' && Buffer.byteLength(body) <= 65_536) return undefined;
  const errors = [
    { resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body is too long' },
  ];
  return { status: 422, body: { message: 'Validation Failed', errors } };
}

function commentJson({ id, own, body }: ForgeComment, byApp: boolean, named: boolean): object {
  const ownUser =
    named && !byApp ? { login: 'muster-bot', type: 'User' } : { login: 'muster[bot]', type: 'Bot' };
  return {
    id,
    body: body.replace(/\n/g, '\r\n'),
    user: own ? ownUser : { login: 'mallory', type: 'User' },
    performed_via_github_app: own && byApp ? { id: 12345, client_id: 'Iv1.abc', slug: 'muster' } : null,
  };
}

function list(forge: Forge, call: HostCall, origin: string): HostReply {
  const [owner, branch] = (call.query.get('head') ?? '').split(':');
  if (call.query.has('head') && owner !== 'acme') return { status: 200, body: [] };
  const all = call.query.get('state') === 'all';
  const pulls = forge.pulls((pull) => (all || pull.open) && (!branch || pull.headBranch === branch));
  const { page, headers } = paginate(pulls, call, origin, 'per_page', 100);
  return withEtag(call, { status: 200, headers, body: page.map(pullJson) });
}

function create(forge: Forge, call: HostCall): HostReply {
  const { head, base, title, body } = call.body as Record<string, string>;
  if (!head || !base || !title) return { status: 422, body: { message: 'Validation Failed' } };
  const pull = forge.create({ headBranch: head, base, title, body: body ?? '' });
  if (pull) return { status: 201, body: pullJson(pull) };
  const errors = [{ resource: 'PullRequest', message: `A pull request already exists for acme:${head}.` }];
  return { status: 422, body: { message: 'Validation Failed', errors } };
}

function pullJson(pull: ForgePull): object {
  return {
    number: pull.number,
    state: pull.open ? 'open' : 'closed',
    title: pull.title,
    draft: pull.draft,
    html_url: `https://github.com/acme/fleet/pull/${pull.number}`,
    user: { login: pull.author },
    head: { ref: pull.headBranch, sha: pull.head, repo: pull.fork ? { id: 2 } : { id: 1 } },
    base: { ref: pull.base, sha: '0'.repeat(40), repo: { id: 1 } },
  };
}
