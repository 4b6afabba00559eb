import { createForge } from './git-host-forge.ts';
import { handleGiteaPulls } from './git-host-gitea-pulls.ts';
import { type HostCall, type HostReply, paginate, serveHost } from './git-host-server.ts';
import type { GitHostStandIn, StatusRecord } from './git-host-stand-in.ts';

export interface GiteaStandInOptions {
  /** Answers 500 instead of 404 for a commit that it does not have, as Forgejo of 2024 does. */
  readonly faultForUnknownCommit?: boolean;
}

const repoBase = '/api/v1/repos/acme/fleet';

/** Gitea and Forgejo: records appended for ever, pages capped at 50 without a Link header, `status` for `state`. */
export async function startGitea(options: GiteaStandInOptions = {}): Promise<GitHostStandIn> {
  const commits = new Map<string, StatusRecord[]>();
  const forge = createForge();
  let token = 'gitea-token';
  const handle = (call: HostCall): HostReply => {
    const given = /^(?:Bearer|token) (.+)$/.exec(call.headers.authorization ?? '')?.[1];
    if (given !== token) return { status: 401, body: { message: 'token is required' } };
    const pulls = handleGiteaPulls(forge, call);
    if (pulls) return pulls;
    if (!call.path.startsWith(`${repoBase}/`)) return notFound;
    const post = new RegExp(`^${repoBase}/statuses/([0-9a-f]+)$`).exec(call.path)?.[1];
    if (post !== undefined && call.method === 'POST') return create(commits, post, call, options);
    const combined = new RegExp(`^${repoBase}/commits/([0-9a-f]+)/status$`).exec(call.path)?.[1];
    if (combined !== undefined) return latest(commits.get(combined) ?? [], call);
    const commit = new RegExp(`^${repoBase}/git/commits/([0-9a-f]+)$`).exec(call.path)?.[1];
    return commit !== undefined && commits.has(commit) ? { status: 200, body: { sha: commit } } : notFound;
  };
  const server = await serveHost(handle);
  return {
    server,
    forge,
    apiUrl: `${server.origin}/api/v1`,
    repo: 'acme/fleet',
    setToken: (next) => {
      token = next;
    },
    addCommit: (sha) => void commits.set(sha, commits.get(sha) ?? []),
    records: (sha, context) =>
      (commits.get(sha) ?? []).filter((record) => !context || record.context === context),
    pageOf: () => '',
    wordFor: (state) => state,
  };
}

const notFound: HostReply = { status: 404, body: { message: "The target couldn't be found.", errors: [] } };

function create(
  commits: Map<string, StatusRecord[]>,
  sha: string,
  call: HostCall,
  options: GiteaStandInOptions,
): HostReply {
  const records = commits.get(sha);
  if (!records)
    return options.faultForUnknownCommit
      ? { status: 500, body: { message: 'object does not exist' } }
      : notFound;
  const {
    state = '',
    context = 'default',
    description = '',
    target_url: targetUrl = '',
  } = call.body as Record<string, string>;
  if (!['pending', 'success', 'failure', 'error', 'warning'].includes(state))
    return { status: 422, body: { message: '[]: invalid state' } };
  records.push({ context, state, description: description.trim(), targetUrl });
  return {
    status: 201,
    body: { id: records.length, status: state, context, description, target_url: targetUrl },
  };
}

function latest(records: readonly StatusRecord[], call: HostCall): HostReply {
  const newest = new Map(records.map((record) => [record.context, record]));
  const { page } = paginate([...newest.values()], call, '', 'limit', 50);
  const statuses = page.map(({ context, state, description, targetUrl }, id) => {
    return { id, context, status: state, description, target_url: targetUrl };
  });
  return { status: 200, body: { state: 'pending', total_count: statuses.length, statuses } };
}
