import { MusterError } from '../model/index.ts';
import { bitbucketServerHeaders } from './bitbucket-server/bitbucket-server-reporter.ts';
import { createGithubAppAuth, type GithubAppDeps } from './github/github-app-auth.ts';
import { githubHeaders } from './github/github-reporter.ts';
import type { GuessedHost, HostType } from './guess-host.ts';
import { createTokenAuth, type HostAuth, type ReadToken } from './host-auth.ts';

/** How to sign in to a Git host: with a token that is read again after a 401, or as a GitHub App. */
export type HostCredential =
  | { readonly kind: 'token'; readonly readToken: ReadToken }
  | {
      readonly kind: 'github-app';
      /** The app's id or client id. */
      readonly appId: string;
      /** PEM text. */
      readonly privateKey: string;
      /** Looked up by the repository when absent. */
      readonly installationId?: string;
    };

/** Signs requests in the form that the host takes. Throws `STATUS_SETTINGS` for a GitHub App at another host. */
export function signIn(deps: GithubAppDeps, host: GuessedHost, credential: HostCredential): HostAuth {
  if (credential.kind === 'token')
    return createTokenAuth(credential.readToken, (token) => tokenHeaders(host.type, token));
  if (host.type !== 'github')
    throw new MusterError('STATUS_SETTINGS', `a GitHub App cannot sign in to ${host.type}`, {
      disposition: 'stalled',
      hint: 'Set status.token.',
    });
  const { kind: _, ...app } = credential;
  return createGithubAppAuth(deps, { ...app, apiUrl: host.apiUrl, repo: host.repo });
}

/** Headers that every request to such a host carries, beside those that sign it. */
export function hostHeaders(type: HostType): Readonly<Record<string, string>> {
  if (type === 'github') return githubHeaders;
  return type === 'bitbucket-server' ? bitbucketServerHeaders : {};
}

function tokenHeaders(type: HostType, token: string): Record<string, string> {
  switch (type) {
    case 'gitlab':
      return { 'private-token': token };
    case 'gitea':
      return { authorization: `token ${token}` };
    case 'bitbucket':
      // A user's API token is written `email:token`; those of a repository, project or workspace stand alone.
      return { authorization: token.includes(':') ? basic(token) : `Bearer ${token}` };
    case 'azure':
      return { authorization: isJwt(token) ? `Bearer ${token}` : basic(`:${token}`) };
    case 'github':
    case 'bitbucket-server':
    case 'none':
      return { authorization: `Bearer ${token}` };
  }
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** Tokens of Entra are JSON web tokens; personal ones have no dots. */
function isJwt(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}
