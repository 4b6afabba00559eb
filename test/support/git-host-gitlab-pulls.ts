import type { Forge, ForgeComment, ForgePull } from './git-host-forge.ts';
import { type HostCall, type HostReply, paginate, withEtag } from './git-host-server.ts';

const project = '/api/v4/projects/acme%2Fteam%2Ffleet';

/** GitLab's side of merge requests: notes with system ones among them, up to a million characters. */
export function handleGitlabPulls(forge: Forge, call: HostCall, origin: string): HostReply | undefined {
  if (call.path === '/api/v4/user')
    return forge.knowsOwnAccount
      ? { status: 200, body: { id: 42, username: 'muster' } }
      : { status: 403, body: { message: '403 Forbidden' } };
  if (call.path === `${project}/merge_requests`)
    return call.method === 'POST' ? create(forge, call) : list(forge, call, origin);
  const [, iid, id] =
    new RegExp(`^${project}/merge_requests/(\\d+)/notes(?:/(\\d+))?$`).exec(call.path) ?? [];
  if (iid === undefined) return undefined;
  if (!forge.pull(Number(iid))) return notFound;
  if (id !== undefined) return change(forge, call, Number(id));
  if (call.method === 'POST')
    return { status: 201, body: noteJson(forge.addComment(Number(iid), String(call.body.body), true)) };
  if (call.query.get('sort') !== 'asc')
    return { status: 400, body: { message: 'this stand-in sorts upwards only' } };
  const { page, headers } = paginate(forge.comments(Number(iid)), call, origin, 'per_page', 100);
  return { status: 200, headers, body: page.map(noteJson) };
}

const notFound: HostReply = { status: 404, body: { message: '404 Not found' } };

function change(forge: Forge, call: HostCall, id: number): HostReply {
  const note = forge.findComment(id);
  if (!note) return { status: 404, body: { message: '404 Note Not Found' } };
  if (!note.own) return { status: 403, body: { message: '403 Forbidden' } };
  if (call.method === 'DELETE') {
    forge.removeComment(id);
    return { status: 204 };
  }
  if (call.method !== 'PUT') return { status: 405, body: { message: '405 Not Allowed' } };
  note.body = String(call.body.body);
  return { status: 200, body: noteJson(note) };
}

function noteJson({ id, own, body }: ForgeComment): object {
  return {
    id,
    body,
    system: false,
    author: own ? { id: 42, username: 'muster' } : { id: 66, username: 'mallory' },
  };
}

function list(forge: Forge, call: HostCall, origin: string): HostReply {
  const branch = call.query.get('source_branch');
  const all = call.query.get('state') === 'all';
  const pulls = forge.pulls((pull) => (all || pull.open) && (!branch || pull.headBranch === branch));
  const { page, headers } = paginate(pulls, call, origin, 'per_page', 100);
  return withEtag(call, { status: 200, headers, body: page.map(pullJson) });
}

function create(forge: Forge, call: HostCall): HostReply {
  const {
    source_branch: headBranch,
    target_branch: base,
    title,
    description,
  } = call.body as Record<string, string>;
  if (!headBranch || !base || !title) return { status: 400, body: { error: 'source_branch is missing' } };
  const pull = forge.create({ headBranch, base, title, body: description ?? '' });
  if (pull) return { status: 201, body: pullJson(pull) };
  return {
    status: 409,
    body: { message: ['Another open merge request already exists for this source branch: !1'] },
  };
}

function pullJson(pull: ForgePull): object {
  return {
    id: pull.number + 9_000,
    iid: pull.number,
    state: pull.open ? 'opened' : 'closed',
    title: pull.title,
    draft: pull.draft,
    sha: pull.head === '' ? null : pull.head,
    source_branch: pull.headBranch,
    target_branch: pull.base,
    source_project_id: pull.fork ? 2 : 1,
    target_project_id: 1,
    author: { username: pull.author },
    web_url: `https://gitlab.example/acme/team/fleet/-/merge_requests/${pull.number}`,
  };
}
