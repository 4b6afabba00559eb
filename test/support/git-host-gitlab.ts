import { createForge } from './git-host-forge.ts';
import { handleGitlabPulls } from './git-host-gitlab-pulls.ts';
import { type HostCall, type HostReply, paginate, serveHost } from './git-host-server.ts';
import type { GitHostStandIn, StatusRecord } from './git-host-stand-in.ts';

interface Row {
  readonly id: number;
  readonly pipeline: number;
  readonly name: string;
  state: string;
  description: string;
  targetUrl: string;
  retried: boolean;
}

interface Commit {
  readonly rows: Row[];
  readonly records: StatusRecord[];
  readonly pipelines: number[];
}

export interface GitlabStandIn extends GitHostStandIn {
  /** The project's own pipeline for a commit begins. */
  addPipeline(sha: string, id: number): void;
  /** The pipelines of a commit, those that statuses have opened included. */
  pipelines(sha: string): readonly number[];
}

const project = '/api/v4/projects/acme%2Fteam%2Ffleet';

/** GitLab: a state machine per row, pipelines, 255 characters, statuses only on the branch's commits. */
export async function startGitlab(): Promise<GitlabStandIn> {
  const commits = new Map<string, Commit>();
  const forge = createForge();
  let token = 'gl-token';
  const branches = new Set(['main', 'change-7']);
  const handle = (call: HostCall): HostReply => {
    if (call.headers['private-token'] !== token)
      return { status: 401, body: { message: '401 Unauthorized' } };
    const pulls = handleGitlabPulls(forge, call, server.origin);
    if (pulls) return pulls;
    if (!call.path.startsWith(`${project}/`))
      return { status: 404, body: { message: '404 Project Not Found' } };
    const post = new RegExp(`^${project}/statuses/([0-9a-f]+)$`).exec(call.path)?.[1];
    if (post !== undefined && call.method === 'POST') return create(commits.get(post), call, branches);
    const [, sha = '', list] =
      new RegExp(`^${project}/repository/commits/([0-9a-f]+)(/statuses)?$`).exec(call.path) ?? [];
    const commit = commits.get(sha);
    if (!commit) return { status: 404, body: { message: '404 Commit Not Found' } };
    if (list) return listRows(commit, call, server.origin);
    const last = commit.pipelines.at(-1);
    return { status: 200, body: { id: sha, last_pipeline: last === undefined ? null : { id: last } } };
  };
  const server = await serveHost(handle);
  return {
    server,
    forge,
    apiUrl: `${server.origin}/api/v4`,
    repo: 'acme/team/fleet',
    setToken: (next) => {
      token = next;
    },
    addCommit: (sha) => void commits.set(sha, commits.get(sha) ?? { rows: [], records: [], pipelines: [] }),
    addPipeline: (sha, id) => void commits.get(sha)?.pipelines.push(id),
    pipelines: (sha) => commits.get(sha)?.pipelines ?? [],
    records: (sha, context) =>
      (commits.get(sha)?.records ?? []).filter((row) => !context || row.context === context),
    pageOf: () => '',
    wordFor: (state) =>
      ({ pending: 'pending', success: 'success', failure: 'failed', error: 'failed' })[state],
  };
}

function refuse(message: unknown): HostReply {
  return { status: 400, body: { message } };
}

function create(commit: Commit | undefined, call: HostCall, branches: ReadonlySet<string>): HostReply {
  if (!commit) return { status: 404, body: { message: '404 References for commit Not Found' } };
  const {
    state = '',
    name = 'default',
    description = '',
    target_url: targetUrl = '',
  } = call.body as Record<string, string>;
  if (!branches.has(String(call.body.ref))) return refuse('ref is missing or unknown');
  if (description.length > 255) return refuse({ description: ['is too long (maximum is 255 characters)'] });
  if (targetUrl.length > 255) return refuse({ target_url: ['is too long (maximum is 255 characters)'] });
  const pipeline = pipelineFor(commit, call.body.pipeline_id);
  const open = commit.rows.find((row) => row.name === name && row.pipeline === pipeline && !row.retried);
  const event = { pending: 'enqueue', running: 'run', success: 'success', failed: 'drop' }[state];
  if (!event) return refuse('state does not have a valid value');
  if (open && isActive(open) && (state === 'pending' || state === open.state))
    return refuse(
      `Cannot transition status via :${event} from :${open.state} (Reason(s): Status cannot transition)`,
    );
  const row = open && isActive(open) ? open : addRow(commit, open, pipeline, name);
  Object.assign(row, { state, description, targetUrl });
  commit.records.push({ context: name, state, description, targetUrl });
  return { status: 201, body: { ...toJson(row), pipeline_id: pipeline } };
}

function isActive(row: Row): boolean {
  return row.state === 'pending' || row.state === 'running';
}

function pipelineFor(commit: Commit, asked: unknown): number {
  if (typeof asked === 'number') return asked;
  const newest = commit.pipelines.at(-1) ?? 9000;
  if (commit.pipelines.length === 0) commit.pipelines.push(newest);
  return newest;
}

function addRow(commit: Commit, finished: Row | undefined, pipeline: number, name: string): Row {
  if (finished) finished.retried = true;
  const row: Row = {
    id: commit.rows.length + 1,
    pipeline,
    name,
    state: 'created',
    description: '',
    targetUrl: '',
    retried: false,
  };
  commit.rows.push(row);
  return row;
}

function toJson(row: Row): object {
  const { id, name, state, description, targetUrl } = row;
  return { id, name, status: state, description, target_url: targetUrl, ref: 'main', allow_failure: false };
}

function listRows(commit: Commit, call: HostCall, origin: string): HostReply {
  const name = call.query.get('name');
  const rows = commit.rows.filter((row) => !row.retried && (name === null || row.name === name));
  const { page, headers } = paginate(rows, call, origin, 'per_page', 100);
  return { status: 200, headers, body: page.map((row) => ({ ...toJson(row), pipeline_id: row.pipeline })) };
}
