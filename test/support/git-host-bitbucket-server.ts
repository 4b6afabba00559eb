import { createForge, type Forge, type ForgeComment, type ForgePull } from './git-host-forge.ts';
import { type HostCall, type HostReply, serveHost } from './git-host-server.ts';
import type { GitHostStandIn, StatusRecord } from './git-host-stand-in.ts';

interface Commit {
  readonly byKey: Map<string, object>;
  readonly records: StatusRecord[];
}

const repo = '/bitbucket/rest/api/latest/projects/ACME/repos/fleet';

/** Bitbucket Data Center: builds with a parent, comments with versions among activities, pages by `start`. */
export async function startBitbucketServer(): Promise<GitHostStandIn> {
  const commits = new Map<string, Commit>();
  const forge = createForge();
  let token = 'dc-token';
  const handle = (call: HostCall): HostReply => {
    if (call.headers.authorization !== `Bearer ${token}`) return refuse(401, 'Authentication failed');
    if (call.method !== 'GET' && call.headers['x-atlassian-token'] !== 'no-check')
      return { status: 403, body: 'XSRF check failed' };
    const headers = forge.knowsOwnAccount ? { 'x-ausername': 'muster%2Bbot' } : {};
    const reply = handleSigned(commits, forge, call);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  };
  const server = await serveHost(handle);
  return {
    server,
    forge,
    apiUrl: `${server.origin}/bitbucket/rest/api/latest`,
    repo: 'ACME/fleet',
    setToken: (next) => {
      token = next;
    },
    addCommit: (sha) => void commits.set(sha, commits.get(sha) ?? { byKey: new Map(), records: [] }),
    records: (sha, context) =>
      (commits.get(sha)?.records ?? []).filter((record) => !context || record.context === context),
    pageOf: (sha) => `${server.origin}/bitbucket/projects/ACME/repos/fleet/commits/${sha}`,
    wordFor: (state) =>
      ({ pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED', error: 'FAILED' })[state],
  };
}

function refuse(status: number, message: string): HostReply {
  return { status, body: { errors: [{ context: null, message, exceptionName: null }] } };
}

function handleSigned(commits: Map<string, Commit>, forge: Forge, call: HostCall): HostReply {
  if (call.path === repo) return { status: 200, body: { slug: 'fleet' } };
  const pulls = handlePulls(forge, call);
  if (pulls) return pulls;
  const sha = new RegExp(`^${repo}/commits/([0-9a-f]+)/builds$`).exec(call.path)?.[1];
  const commit = commits.get(sha ?? '');
  if (!commit) return refuse(404, 'Commit does not exist in repository');
  if (call.method === 'POST') return create(commit, call);
  const status = commit.byKey.get(call.query.get('key') ?? '');
  return status ? { status: 200, body: status } : refuse(404, 'Build status does not exist');
}

function create(commit: Commit, call: HostCall): HostReply {
  const body = call.body as Record<string, string>;
  const { key = '', state = '', url = '', name = '', description = '', parent = '', ref } = body;
  if (key === '' || key.length > 255) return refuse(400, 'key is required');
  if (!['INPROGRESS', 'SUCCESSFUL', 'FAILED'].includes(state)) return refuse(400, 'state is not valid');
  if (!/^https?:\/\//.test(url) || url.length >= 450) return refuse(400, 'url must be a valid URL');
  if (name.length >= 255 || description.length > 255) return refuse(400, 'too long');
  if (!/^muster-/.test(parent)) return refuse(400, 'no required build has this parent');
  if (ref !== undefined && !ref.startsWith('refs/heads/')) return refuse(400, 'ref must be full');
  commit.byKey.set(key, { key, state, url, name, description, parent });
  commit.records.push({ context: name, state, description, targetUrl: url });
  // The host answers 204 without a body.
  return { status: 204 };
}

function handlePulls(forge: Forge, call: HostCall): HostReply | undefined {
  if (call.path === `${repo}/pull-requests`)
    return listPage(
      forge.pulls(({ open }) => open),
      call,
      pullJson,
    );
  const [, number, rest = ''] = new RegExp(`^${repo}/pull-requests/(\\d+)/(.+)$`).exec(call.path) ?? [];
  if (number === undefined) return undefined;
  if (!forge.pull(Number(number))) return refuse(404, 'Pull request does not exist');
  if (rest === 'activities') return listPage(activities(forge, Number(number)), call, (item) => item);
  const text = String(call.body.text ?? '');
  if (text.length > 32_768) return refuse(400, 'The comment is too long');
  if (rest === 'comments' && call.method === 'POST')
    return { status: 201, body: commentJson(forge.addComment(Number(number), text, true)) };
  const id = /^comments\/(\d+)$/.exec(rest)?.[1];
  return id === undefined ? refuse(404, 'No such resource') : changeComment(forge, call, Number(id), text);
}

function changeComment(forge: Forge, call: HostCall, id: number, text: string): HostReply {
  const comment = forge.findComment(id);
  if (!comment) return refuse(404, 'The comment does not exist');
  if (!comment.own) return refuse(403, 'You are not the author');
  const version = Number(call.method === 'DELETE' ? call.query.get('version') : call.body.version);
  if (version !== comment.version)
    return refuse(409, 'You are attempting to modify a comment based on out-of-date information');
  if (call.method === 'DELETE') {
    forge.removeComment(id);
    return { status: 204 };
  }
  comment.body = text;
  comment.version += 1;
  return { status: 200, body: commentJson(comment) };
}

/** Newest first, with what else happens to a pull request in between. */
function activities(forge: Forge, number: number): readonly object[] {
  const comments = [...forge.comments(number)].reverse();
  return comments.flatMap((comment) => [
    { action: 'COMMENTED', commentAction: 'ADDED', comment: commentJson(comment) },
    { action: 'RESCOPED' },
  ]);
}

function commentJson({ id, own, body, version }: ForgeComment): object {
  return { id, version, text: body, author: { name: own ? 'muster+bot' : 'mallory' } };
}

function listPage<T>(items: readonly T[], call: HostCall, toJson: (item: T) => object): HostReply {
  const start = Number(call.query.get('start') ?? 0);
  const limit = Math.min(100, Number(call.query.get('limit') ?? 25));
  const values = items.slice(start, start + limit).map(toJson);
  const isLastPage = start + limit >= items.length;
  const nextPageStart = isLastPage ? null : start + limit;
  return { status: 200, body: { size: values.length, limit, start, isLastPage, nextPageStart, values } };
}

function pullJson(pull: ForgePull): object {
  const repository = (id: number) => ({ id, slug: 'fleet', project: { key: id === 1 ? 'ACME' : '~ada' } });
  return {
    id: pull.number,
    state: 'OPEN',
    title: pull.title,
    draft: pull.draft,
    author: { user: { name: pull.author } },
    fromRef: {
      id: `refs/heads/${pull.headBranch}`,
      latestCommit: pull.head,
      repository: repository(pull.fork ? 2 : 1),
    },
    toRef: { id: `refs/heads/${pull.base}`, repository: repository(1) },
    links: {
      self: [{ href: `https://bitbucket.example/projects/ACME/repos/fleet/pull-requests/${pull.number}` }],
    },
  };
}
