import { createForge, type Forge, type ForgeComment, type ForgePull } from './git-host-forge.ts';
import { type HostCall, type HostReply, serveHost } from './git-host-server.ts';
import type { GitHostStandIn, StatusRecord } from './git-host-stand-in.ts';

interface Commit {
  readonly byKey: Map<string, object>;
  readonly records: StatusRecord[];
}

const repo = '/2.0/repositories/acme/fleet';

/** Bitbucket Cloud: keys of 40 characters that later writes overwrite, addresses required, shortened heads, `next`. */
export async function startBitbucketCloud(): Promise<GitHostStandIn> {
  const commits = new Map<string, Commit>();
  const forge = createForge();
  let token = 'bb-token';
  const handle = (call: HostCall): HostReply => {
    if (!isSignedIn(call, token))
      return { status: 401, body: { type: 'error', error: { message: 'Token is invalid' } } };
    const pulls = handlePulls(forge, call, server.origin);
    if (pulls) return pulls;
    const [, sha = '', key] =
      new RegExp(`^${repo}/commit/([0-9a-f]+)/statuses/build(?:/([^/]+))?$`).exec(call.path) ?? [];
    const commit = commits.get(sha);
    if (!commit) return notFound('Commit not found');
    if (call.method === 'POST' && key === undefined) return create(commit, call);
    const status = key === undefined ? undefined : commit.byKey.get(decodeURIComponent(key));
    return status ? { status: 200, body: status } : notFound('Build status not found');
  };
  const server = await serveHost(handle);
  return {
    server,
    forge,
    apiUrl: `${server.origin}/2.0`,
    repo: 'acme/fleet',
    setToken: (next) => {
      token = next;
    },
    addCommit: (sha) => void commits.set(sha, commits.get(sha) ?? { byKey: new Map(), records: [] }),
    records: (sha, context) =>
      (commits.get(sha)?.records ?? []).filter((record) => !context || record.context === context),
    pageOf: (sha) => `https://bitbucket.org/acme/fleet/commits/${sha}`,
    wordFor: (state) =>
      ({ pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED', error: 'FAILED' })[state],
  };
}

function isSignedIn(call: HostCall, token: string): boolean {
  const wanted = token.includes(':') ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`;
  return call.headers.authorization === wanted;
}

function notFound(message: string): HostReply {
  return { status: 404, body: { type: 'error', error: { message } } };
}

function refuse(fields: Record<string, readonly string[]>): HostReply {
  return { status: 400, body: { type: 'error', error: { message: 'Bad request', fields } } };
}

function create(commit: Commit, call: HostCall): HostReply {
  const { key = '', state = '', url = '', name = '', description = '' } = call.body as Record<string, string>;
  if (key === '' || key.length > 40) return refuse({ key: ['Ensure this value has at most 40 characters'] });
  if (!['INPROGRESS', 'SUCCESSFUL', 'FAILED', 'STOPPED'].includes(state))
    return refuse({ state: ['invalid'] });
  if (!/^https?:\/\//.test(url)) return refuse({ url: ['required key not provided'] });
  if (name.length > 254 || description.length > 255) return refuse({ name: ['too long'] });
  commit.byKey.set(key, { type: 'build', key, state, url, name, description });
  commit.records.push({ context: name, state, description, targetUrl: url });
  return { status: 201, body: commit.byKey.get(key) };
}

function handlePulls(forge: Forge, call: HostCall, origin: string): HostReply | undefined {
  if (call.path === '/2.0/user')
    return forge.knowsOwnAccount
      ? { status: 200, body: { uuid: '{own}', type: 'user' } }
      : { status: 403, body: { type: 'error', error: { message: 'Access denied' } } };
  const [, repository, short] =
    /^\/2\.0\/repositories\/(acme|fork)\/fleet\/commit\/([0-9a-f]{12})$/.exec(call.path) ?? [];
  if (repository === 'fork')
    return { status: 403, body: { type: 'error', error: { message: 'Access denied' } } };
  if (short !== undefined) {
    const pull = forge.pulls().find(({ head }) => head.startsWith(short));
    return pull ? { status: 200, body: { hash: pull.head } } : notFound('Commit not found');
  }
  if (call.path === `${repo}/pullrequests`) {
    if (call.query.get('state') !== 'OPEN') return refuse({ state: ['expected OPEN'] });
    return listPage(
      forge.pulls(({ open }) => open),
      call,
      origin,
      50,
      pullJson,
    );
  }
  const [, number, id] =
    new RegExp(`^${repo}/pullrequests/(\\d+)/comments(?:/(\\d+))?$`).exec(call.path) ?? [];
  if (number === undefined) return undefined;
  if (!forge.pull(Number(number))) return notFound('Pull request not found');
  const toJson = (comment: ForgeComment) => commentJson(comment, forge.knowsOwnAccount);
  if (id !== undefined) return changeComment(forge, call, Number(id), toJson);
  if (call.method === 'GET') return listPage(forge.comments(Number(number)), call, origin, 100, toJson);
  const raw = rawOf(call);
  if (raw === '' || raw.length > 32_768) return refuse({ content: ['too long'] });
  return { status: 201, body: toJson(forge.addComment(Number(number), raw, true)) };
}

function changeComment(
  forge: Forge,
  call: HostCall,
  id: number,
  toJson: (comment: ForgeComment) => object,
): HostReply {
  const comment = forge.findComment(id);
  if (!comment) return notFound('Comment not found');
  if (!comment.own) return { status: 403, body: { type: 'error', error: { message: 'Access denied' } } };
  if (call.method === 'DELETE') {
    forge.removeComment(id);
    return { status: 204 };
  }
  if (call.method !== 'PUT' || rawOf(call).length > 32_768) return refuse({ content: ['too long'] });
  comment.body = rawOf(call);
  return { status: 200, body: toJson(comment) };
}

function rawOf(call: HostCall): string {
  return String((call.body.content as { raw?: string } | undefined)?.raw ?? '');
}

function commentJson({ id, own, body }: ForgeComment, named: boolean): object {
  const user = named ? { type: 'user', uuid: '{own}' } : { type: 'app_user', uuid: '{token}' };
  return {
    id,
    deleted: false,
    content: { raw: body, markup: 'markdown' },
    user: own ? user : { type: 'user', uuid: '{mallory}' },
  };
}

function listPage<T>(
  items: readonly T[],
  call: HostCall,
  origin: string,
  cap: number,
  toJson: (item: T) => object,
): HostReply {
  const pagelen = Math.min(cap, Number(call.query.get('pagelen') ?? 10));
  const page = Number(call.query.get('page') ?? 1);
  const query = new URLSearchParams(call.query);
  query.set('page', String(page + 1));
  const next = page * pagelen < items.length ? { next: `${origin}${call.path}?${query}` } : {};
  const values = items.slice((page - 1) * pagelen, page * pagelen).map(toJson);
  return { status: 200, body: { pagelen, page, values, ...next } };
}

function pullJson(pull: ForgePull): object {
  const source = pull.fork ? 'fork/fleet' : 'acme/fleet';
  return {
    type: 'pullrequest',
    id: pull.number,
    state: 'OPEN',
    title: pull.title,
    draft: pull.draft,
    author: { nickname: pull.author },
    source: {
      branch: { name: pull.headBranch },
      commit: { hash: pull.head.slice(0, 12) },
      repository: { full_name: source },
    },
    destination: { branch: { name: pull.base }, repository: { full_name: 'acme/fleet' } },
    links: { html: { href: `https://bitbucket.org/acme/fleet/pull-requests/${pull.number}` } },
  };
}
