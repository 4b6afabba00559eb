import { MusterError } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import { createAzureHost } from './azure/azure-host.ts';
import { createBitbucketCloudHost } from './bitbucket-cloud/bitbucket-cloud-host.ts';
import { createBitbucketServerHost } from './bitbucket-server/bitbucket-server-host.ts';
import type { GitHost } from './git-host.ts';
import { createGiteaHost } from './gitea/gitea-host.ts';
import type { GithubIdentity } from './github/github-comments.ts';
import { createGithubHost } from './github/github-host.ts';
import { createGitlabHost } from './gitlab/gitlab-host.ts';
import type { GuessedHost, HostType } from './guess-host.ts';
import { createHostClient, type HostClient } from './host-client.ts';
import { type HostCredential, hostHeaders, signIn } from './sign-in.ts';

export interface GitHostSettings {
  /** Where the repository is, from `guessHost`. */
  readonly host: GuessedHost;
  readonly credential: HostCredential;
  /** The branch that Muster follows. */
  readonly branch: string;
  /** Milliseconds for one request; default 15 s. */
  readonly timeoutMs?: number;
}

export interface GitHostDeps {
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

/** What a Git host offers; undefined for `none`. Throws `STATUS_SETTINGS` where the settings do not suffice. */
export function createGitHost(deps: GitHostDeps, settings: GitHostSettings): GitHost | undefined {
  const { host } = settings;
  if (host.type === 'none') return undefined;
  if (!/^https?:\/\/[^/]/.test(host.apiUrl) || !URL.canParse(host.apiUrl))
    throw unusable('status.apiUrl is no http address', 'Set status.apiUrl, or clone from the Git host.');
  if (host.repo === '') throw unusable('the repository of the statuses is not known', 'Set status.repo.');
  if (host.type !== 'gitlab' && !/^[^/]+\/[^/]+$/.test(host.repo))
    throw unusable('the repository is not named as owner/name', 'Set status.repo to owner/name.');
  return createPorts(host.type, createClient(deps, settings), deps, settings);
}

function createClient(deps: GitHostDeps, { host, credential, timeoutMs }: GitHostSettings): HostClient {
  const options = {
    apiUrl: host.apiUrl,
    name: host.type,
    headers: hostHeaders(host.type),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  return createHostClient({ ...deps, auth: signIn(deps, host, credential) }, options);
}

function createPorts(
  type: Exclude<HostType, 'none'>,
  client: HostClient,
  deps: GitHostDeps,
  { host, credential, branch }: GitHostSettings,
): GitHost {
  const { repo, apiUrl } = host;
  switch (type) {
    case 'github':
      return createGithubHost(client, repo, identityOf(credential));
    case 'gitlab':
      return createGitlabHost({ client, clock: deps.clock }, { repo, ref: branch });
    case 'gitea':
      return createGiteaHost(client, repo);
    case 'bitbucket':
      return createBitbucketCloudHost(client, repo);
    case 'bitbucket-server':
      return createBitbucketServerHost(client, { repo, apiUrl, branch });
    case 'azure':
      return createAzureHost(client, apiUrl, repo);
  }
}

function identityOf(credential: HostCredential): GithubIdentity {
  return credential.kind === 'token' ? { kind: 'user' } : { kind: 'app', appId: credential.appId };
}

function unusable(message: string, hint: string): MusterError {
  return new MusterError('STATUS_SETTINGS', message, { disposition: 'stalled', hint });
}
