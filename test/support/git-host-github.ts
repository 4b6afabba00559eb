import { createVerify } from 'node:crypto';
import { createForge } from './git-host-forge.ts';
import { handleGithubPulls } from './git-host-github-pulls.ts';
import { type HostCall, type HostReply, paginate, serveHost } from './git-host-server.ts';
import type { GitHostStandIn, StatusRecord } from './git-host-stand-in.ts';

export interface GithubStandInOptions {
  /** Records per commit and context; 1000 on the real host. */
  readonly maxRecords?: number;
  /** A GitHub App that may mint installation tokens. */
  readonly app?: {
    readonly publicKey: string;
    /** Seconds by which the host's clock differs from this machine's. */
    readonly skewSeconds?: number;
    /** Whether the installation was given no more than statuses. */
    readonly statusesOnly?: boolean;
  };
}

export interface GithubStandIn extends GitHostStandIn {
  /** Installation tokens minted so far. */
  readonly minted: readonly string[];
  /** Voids every installation token. */
  revokeTokens(): void;
}

const states = ['pending', 'success', 'failure', 'error'];
const repoBase = '/repos/acme/fleet';

/** GitHub: 140 characters, 1000 records per context, 422 for unknown commits, statuses only for the token's owner. */
export async function startGithub(options: GithubStandInOptions = {}): Promise<GithubStandIn> {
  const commits = new Map<string, StatusRecord[]>();
  const forge = createForge();
  const tokens = new Set(['gh-token']);
  const minted: string[] = [];
  const handle = (call: HostCall): HostReply => {
    if (!call.headers['user-agent'])
      return { status: 403, body: { message: 'Request forbidden by administrative rules.' } };
    const app = options.app && handleApp(call, options.app, minted, tokens);
    if (app) return app;
    const bearer = /^(?:Bearer|token) (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
    if (!tokens.has(bearer))
      return { status: 401, headers: { 'x-ratelimit-limit': '5000' }, body: { message: 'Bad credentials' } };
    const pulls = handleGithubPulls(forge, call, server.origin, bearer);
    if (pulls) return pulls;
    if (!call.path.startsWith(`${repoBase}/`)) return notFound;
    const post = new RegExp(`^${repoBase}/statuses/([0-9a-f]+)$`).exec(call.path);
    if (post && call.method === 'POST')
      return create(commits, post[1] ?? '', call, options.maxRecords ?? 1000);
    const combined = new RegExp(`^${repoBase}/commits/([0-9a-f]+)/status$`).exec(call.path);
    return combined ? latest(commits, combined[1] ?? '', call, server.origin) : notFound;
  };
  const server = await serveHost(handle);
  return {
    server,
    forge,
    apiUrl: server.origin,
    repo: 'acme/fleet',
    minted,
    revokeTokens: () => tokens.clear(),
    setToken(token) {
      tokens.clear();
      tokens.add(token);
    },
    addCommit: (sha) => void commits.set(sha, commits.get(sha) ?? []),
    records: (sha, context) =>
      (commits.get(sha) ?? []).filter((record) => !context || record.context === context),
    pageOf: () => '',
    wordFor: (state) => state,
  };
}

const notFound: HostReply = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com' },
};

function unknownCommit(sha: string): HostReply {
  return { status: 422, body: { message: `No commit found for SHA: ${sha}` } };
}

function invalid(field: string, message: string): HostReply {
  return {
    status: 422,
    body: { message: 'Validation Failed', errors: [{ resource: 'Status', code: 'custom', field, message }] },
  };
}

function create(
  commits: Map<string, StatusRecord[]>,
  sha: string,
  call: HostCall,
  maxRecords: number,
): HostReply {
  const records = commits.get(sha);
  if (!records) return unknownCommit(sha);
  const {
    state,
    context = 'default',
    description = '',
    target_url: targetUrl = '',
  } = call.body as Record<string, string>;
  if (!states.includes(state ?? '')) return invalid('state', 'state is not included in the list');
  if ([...description].length > 140)
    return invalid('description', 'description is too long (maximum is 140 characters)');
  if (targetUrl !== '' && !/^https?:\/\//.test(targetUrl))
    return invalid('target_url', 'target_url must use http(s) scheme');
  if (records.filter((record) => record.context.toLowerCase() === context.toLowerCase()).length >= maxRecords)
    return {
      status: 422,
      body: { message: 'This SHA and context has reached the maximum number of statuses.' },
    };
  records.push({ context, state: state ?? '', description, targetUrl });
  return { status: 201, body: { state, context, description, target_url: targetUrl } };
}

function latest(
  commits: Map<string, StatusRecord[]>,
  sha: string,
  call: HostCall,
  origin: string,
): HostReply {
  const records = commits.get(sha);
  if (!records) return unknownCommit(sha);
  const newest = new Map(records.map((record) => [record.context.toLowerCase(), record]));
  const { page, headers } = paginate([...newest.values()], call, origin, 'per_page', 100);
  const statuses = page.map(({ targetUrl, ...rest }) => ({
    ...rest,
    target_url: targetUrl === '' ? null : targetUrl,
  }));
  return { status: 200, headers, body: { sha, state: 'pending', total_count: newest.size, statuses } };
}

function handleApp(
  call: HostCall,
  app: NonNullable<GithubStandInOptions['app']>,
  minted: string[],
  tokens: Set<string>,
): HostReply | undefined {
  const isLookup = call.path === `${repoBase}/installation`;
  if (!isLookup && !/^\/app\/installations\/\d+\/access_tokens$/.test(call.path)) return undefined;
  const skewMs = (app.skewSeconds ?? 0) * 1000;
  const headers = { date: new Date(Date.now() + skewMs).toUTCString() };
  const fault = checkJwt(call, app.publicKey, (Date.now() + skewMs) / 1000);
  if (fault)
    return { status: 401, headers: { ...headers, 'x-ratelimit-limit': '5000' }, body: { message: fault } };
  if (isLookup) return { status: 200, headers, body: { id: 4711 } };
  const { repositories, permissions } = call.body as {
    repositories?: string[];
    permissions?: Record<string, string>;
  };
  if (
    repositories?.join() !== 'fleet' ||
    permissions?.statuses !== 'write' ||
    (app.statusesOnly && permissions.pull_requests)
  )
    return {
      status: 422,
      headers,
      body: { message: 'The permissions requested are not granted to this installation.' },
    };
  const token = `ghs_${'x'.repeat(300)}_${minted.length + 1}`;
  minted.push(token);
  tokens.add(token);
  return {
    status: 201,
    headers,
    body: { token, expires_at: new Date(Date.now() + 3_600_000).toISOString() },
  };
}

function checkJwt(call: HostCall, publicKey: string, now: number): string | undefined {
  const [head = '', claims = '', signature = ''] = (call.headers.authorization ?? '')
    .replace(/^Bearer /, '')
    .split('.');
  const isSigned = createVerify('RSA-SHA256')
    .update(`${head}.${claims}`)
    .verify(publicKey, signature, 'base64url');
  if (!isSigned) return 'A JSON web token could not be decoded';
  const { iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    iat: number;
    exp: number;
  };
  if (exp > now + 600) return "'Expiration time' claim ('exp') is too far in the future";
  return iat > now || exp < now ? "'Issued at' claim ('iat') is out of range" : undefined;
}
