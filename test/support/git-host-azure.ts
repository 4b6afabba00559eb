import { createForge, type Forge, type ForgeComment, type ForgePull } from './git-host-forge.ts';
import { type HostCall, type HostReply, serveHost } from './git-host-server.ts';
import type { GitHostStandIn, StatusRecord } from './git-host-stand-in.ts';

interface Posted {
  readonly id: number;
  readonly iterationId?: number;
  readonly record: StatusRecord;
  readonly json: object;
}

export interface AzureStandIn extends GitHostStandIn {
  /** What stands on a pull request's iterations, oldest first. */
  pullStatuses(number: number): readonly (StatusRecord & { readonly iterationId: number | undefined })[];
  /** A push to the pull request's branch: a new iteration. */
  push(number: number, sha: string): void;
}

const repo = '/acme/Fleet%20Ops/_apis/git/repositories/fleet';

/** Azure DevOps: genre and name, records appended, sign-in pages for bad tokens, iterations, threads. */
export async function startAzure(): Promise<AzureStandIn> {
  const commits = new Map<string, Posted[]>();
  const pulls = new Map<number, Posted[]>();
  const iterations = new Map<number, string[]>();
  const forge = createForge();
  let token = 'az-token';
  const iterationsOf = (number: number) => iterations.get(number) ?? [forge.pull(number)?.head ?? ''];
  const handle = (call: HostCall): HostReply => {
    const wanted = `Basic ${Buffer.from(`:${token}`).toString('base64')}`;
    if (call.headers.authorization !== wanted) return { status: 203, body: '<html>Sign in</html>' };
    if (!call.query.has('api-version')) return refuse(400, 'No api-version was supplied');
    const list = handleForge(forge, call);
    if (list) return list;
    const [, sha = ''] = new RegExp(`^${repo}/commits/([0-9a-f]+)/statuses$`).exec(call.path) ?? [];
    if (sha !== '') return statusesOf(commits.get(sha), call, 'TF401035: The commit does not exist.');
    const [, number = '', part = ''] =
      new RegExp(`^${repo}/pullRequests/(\\d+)/(iterations|statuses)$`).exec(call.path) ?? [];
    const pull = forge.pull(Number(number));
    if (!pull) return refuse(404, 'TF401180: The requested pull request was not found.');
    const shas = iterationsOf(pull.number);
    if (part === 'iterations')
      return listOf(shas.map((commitId, at) => ({ id: at + 1, sourceRefCommit: { commitId } })));
    const known = pulls.get(pull.number) ?? [];
    pulls.set(pull.number, known);
    const iteration = Number(call.body.iterationId);
    if (call.method === 'POST' && !(iteration >= 1 && iteration <= shas.length))
      return refuse(400, 'The iteration does not exist');
    return statusesOf(known, call, '');
  };
  const server = await serveHost(handle);
  return {
    server,
    forge,
    apiUrl: `${server.origin}/acme`,
    repo: 'Fleet Ops/fleet',
    setToken: (next) => {
      token = next;
    },
    addCommit: (sha) => void commits.set(sha, commits.get(sha) ?? []),
    records: (sha, context) =>
      (commits.get(sha) ?? [])
        .map(({ record }) => record)
        .filter((record) => !context || record.context === context),
    pageOf: () => '',
    wordFor: (state) =>
      ({ pending: 'pending', success: 'succeeded', failure: 'failed', error: 'error' })[state],
    pullStatuses: (number) =>
      (pulls.get(number) ?? []).map(({ record, iterationId }) => ({ ...record, iterationId })),
    push: (number, sha) => void iterations.set(number, [...iterationsOf(number), sha]),
  };
}

function refuse(status: number, message: string): HostReply {
  return { status, body: { $id: '1', message, typeKey: 'GitException', errorCode: 0 } };
}

function listOf(value: readonly unknown[]): HostReply {
  return { status: 200, body: { value, count: value.length } };
}

function statusesOf(known: Posted[] | undefined, call: HostCall, missing: string): HostReply {
  if (!known) return refuse(404, missing);
  if (call.method === 'POST') return create(known, call);
  const newest = new Map(known.map((posted) => [posted.record.context, posted]));
  const shown = call.query.get('latestOnly') === 'true' ? [...newest.values()] : known;
  const skip = Number(call.query.get('skip') ?? 0);
  const top = Number(call.query.get('top') ?? 1_000);
  return listOf(shown.slice(skip, skip + top).map(({ json }) => json));
}

function create(known: Posted[], call: HostCall): HostReply {
  const { state, description, targetUrl, context, iterationId } = call.body as {
    state?: string;
    description?: string;
    targetUrl?: string;
    context?: { genre?: string; name?: string };
    iterationId?: number;
  };
  if (!['pending', 'succeeded', 'failed', 'error'].includes(state ?? ''))
    return refuse(400, 'state is not valid');
  if (!context?.name || context.name.includes('/')) return refuse(400, 'Status context name must be given');
  if ((description ?? '').length > 255) return refuse(400, 'description is too long');
  const id = known.length + 1;
  const full = context.genre ? `${context.genre}/${context.name}` : context.name;
  const record = {
    context: full,
    state: state ?? '',
    description: description ?? '',
    targetUrl: targetUrl ?? '',
  };
  const json = { id, state, description, targetUrl: targetUrl ?? null, context, iterationId };
  known.push({ id, record, json, ...(iterationId === undefined ? {} : { iterationId }) });
  return { status: 201, body: json };
}

function handleForge(forge: Forge, call: HostCall): HostReply | undefined {
  if (call.path === '/acme/_apis/connectionData')
    return forge.knowsOwnAccount
      ? { status: 200, body: { authenticatedUser: { id: 'AAAA-own' } } }
      : refuse(403, 'TF400813: The user is not authorized');
  if (call.path === `${repo}/pullrequests`) {
    if (call.query.get('searchCriteria.status') !== 'active') return refuse(400, 'expected active');
    const skip = Number(call.query.get('$skip') ?? 0);
    const open = forge.pulls((pull) => pull.open);
    return listOf(open.slice(skip, skip + Number(call.query.get('$top') ?? 100)).map(pullJson));
  }
  const [, number, id] =
    new RegExp(`^${repo}/pullRequests/(\\d+)/threads(?:/(\\d+)/comments/1)?$`).exec(call.path) ?? [];
  if (number === undefined) return undefined;
  if (!forge.pull(Number(number))) return refuse(404, 'TF401180: The requested pull request was not found.');
  if (id !== undefined) return changeComment(forge, call, Number(id));
  if (call.method === 'GET') return listOf(forge.comments(Number(number)).map(threadJson));
  const { comments, status } = call.body as { comments?: { content?: string }[]; status?: number };
  const content = comments?.[0]?.content ?? '';
  if (content === '' || content.length > 150_000) return refuse(400, 'The comment is too long');
  if (status !== 4) return refuse(400, 'an open thread would block the merge');
  return { status: 200, body: threadJson(forge.addComment(Number(number), content, true)) };
}

function changeComment(forge: Forge, call: HostCall, id: number): HostReply {
  const comment = forge.findComment(id);
  if (!comment) return refuse(404, 'The comment does not exist');
  if (!comment.own) return refuse(403, 'TF401027: only the author may edit');
  if (call.method === 'DELETE') {
    forge.removeComment(id);
    return { status: 200 };
  }
  if (call.method !== 'PATCH') return refuse(405, 'no such method');
  comment.body = String(call.body.content);
  return { status: 200, body: { id: 1, content: comment.body } };
}

function threadJson({ id, own, body }: ForgeComment): object {
  const author = { id: own ? 'aaaa-own' : 'bbbb-mallory' };
  return {
    id,
    status: 'closed',
    isDeleted: false,
    comments: [{ id: 1, content: body, author, commentType: 'text' }],
  };
}

function pullJson(pull: ForgePull): object {
  return {
    pullRequestId: pull.number,
    status: 'active',
    title: pull.title,
    isDraft: pull.draft,
    sourceRefName: `refs/heads/${pull.headBranch}`,
    targetRefName: `refs/heads/${pull.base}`,
    lastMergeSourceCommit: { commitId: pull.head },
    createdBy: { uniqueName: pull.author },
    ...(pull.fork ? { forkSource: { repository: { id: 'other' } } } : {}),
  };
}
