import githubAppJwt from 'universal-github-app-jwt';
import { isMusterError } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { HostAuth } from '../host-auth.ts';
import { createHostClient } from '../host-client.ts';
import { createHostError, hostErrorCodes } from '../host-error.ts';
import { membersOf, textOf } from '../json-shape.ts';
import { githubHeaders } from './github-reporter.ts';

export interface GithubAppOptions {
  readonly apiUrl: string;
  /** `owner/name`: tokens are narrowed to this repository. */
  readonly repo: string;
  /** The app's id or client id. */
  readonly appId: string;
  /** PEM text. */
  readonly privateKey: string;
  /** Looked up by the repository when absent. */
  readonly installationId?: string;
}

export interface GithubAppDeps {
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

/** Installation tokens live an hour; ours are replaced before. */
const tokenLifeMs = 55 * 60_000;

/**
 * Signs requests as a GitHub App: installation tokens for one repository, with the rights to write statuses and pull
 * requests only, or statuses alone where the app was given no more.
 */
export function createGithubAppAuth(deps: GithubAppDeps, options: GithubAppOptions): HostAuth {
  const app = createAppClient(deps, options);
  let cached: { readonly token: string; readonly at: number } | undefined;
  return {
    async headers(signal) {
      if (!cached || deps.clock.monotonic() - cached.at >= tokenLifeMs)
        cached = { token: await mintToken(app, options, signal), at: deps.clock.monotonic() };
      return { authorization: `Bearer ${cached.token}` };
    },
    async renew() {
      const hadToken = cached !== undefined;
      cached = undefined;
      return hadToken;
    },
  };
}

type AppClient = ReturnType<typeof createHostClient>;

async function mintToken(app: AppClient, options: GithubAppOptions, signal: AbortSignal): Promise<string> {
  const [owner = '', name = ''] = options.repo.split('/');
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/installation`;
  const found =
    options.installationId ?? membersOf((await app.request({ method: 'GET', path }, signal)).body).id;
  const id = encodeURIComponent(String(found));
  const mint = (permissions: Readonly<Record<string, string>>) => {
    const body = { repositories: [name], permissions };
    return app.request({ method: 'POST', path: `/app/installations/${id}/access_tokens`, body }, signal);
  };
  const statuses = { statuses: 'write' };
  const answer = await mint({ ...statuses, pull_requests: 'write' }).catch((error: unknown) => {
    if (!isMusterError(error, hostErrorCodes.rejected)) throw error;
    return mint(statuses);
  });
  const token = textOf(membersOf(answer.body).token);
  if (token === '')
    throw createHostError(hostErrorCodes.malformed, 'github: no installation token in the answer');
  return token;
}

/** Speaks as the app itself. A refused JWT is signed once more by the host's clock, in case ours is wrong. */
function createAppClient(deps: GithubAppDeps, options: GithubAppOptions): AppClient {
  const { appId, privateKey } = options;
  let skewSeconds = 0;
  let signedWith = 0;
  const watched: typeof fetch = async (input, init) => {
    const response = await (deps.fetch ?? fetch)(input, init);
    const sent = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(sent)) skewSeconds = Math.round((sent - deps.clock.now()) / 1000);
    return response;
  };
  const auth: HostAuth = {
    async headers() {
      signedWith = Math.abs(skewSeconds) > toleratedSkewSeconds ? skewSeconds : 0;
      const now = Math.floor(deps.clock.now() / 1000) + signedWith;
      return { authorization: `Bearer ${await signJwt(appId, privateKey, now)}` };
    },
    async renew() {
      return Math.abs(skewSeconds - signedWith) > toleratedSkewSeconds;
    },
  };
  return createHostClient(
    { auth, clock: deps.clock, fetch: watched },
    { apiUrl: options.apiUrl, name: 'github', headers: githubHeaders },
  );
}

const toleratedSkewSeconds = 20;

/** `now` is in seconds since the epoch. */
async function signJwt(id: string, privateKey: string, now: number): Promise<string> {
  try {
    return (await githubAppJwt({ id, privateKey, now })).token;
  } catch {
    throw createHostError(hostErrorCodes.unauthorized, 'github: the App private key cannot sign');
  }
}
