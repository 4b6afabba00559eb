import { placeOfAzure } from './azure/azure-remote.ts';
import { placeOfBitbucketServer } from './bitbucket-server/bitbucket-server-remote.ts';
import type { Remote } from './remote.ts';

/** The Git hosts that `status.host` names; `none` posts nothing. */
export type HostType = 'github' | 'gitlab' | 'gitea' | 'bitbucket' | 'bitbucket-server' | 'azure' | 'none';

/** Where the statuses of a fleet repo go. */
export interface GuessedHost {
  readonly type: HostType;
  /** Base URL of the API without a trailing slash; empty for `none`. */
  readonly apiUrl: string;
  /** `owner/name`, on GitLab the full path, on Azure `project/name`; empty where the remote does not tell. */
  readonly repo: string;
}

/** What the settings say; each wins over the guess (`status.host`, `status.apiUrl`, `status.repo`). */
export interface HostOverrides {
  readonly type?: HostType;
  readonly apiUrl?: string;
  readonly repo?: string;
}

const none: GuessedHost = { type: 'none', apiUrl: '', repo: '' };

/** The host, its API and the repository's name there, from the address that Git clones; a local path has none. */
export function guessHost(remoteUrl: string, overrides: HostOverrides = {}): GuessedHost {
  const remote = parseRemote(remoteUrl);
  const type = overrides.type ?? (remote ? typeOf(remote) : 'none');
  if (type === 'none') return none;
  const placed = remote && placeOf(type, remote);
  if (placed)
    return {
      type,
      apiUrl: (overrides.apiUrl ?? placed.apiUrl).replace(/\/+$/, ''),
      repo: overrides.repo ?? placed.repo,
    };
  const root = rootOf(type, remote, overrides.apiUrl);
  const apiUrl = (overrides.apiUrl ?? (remote ? apiOf(type, remote, root) : '')).replace(/\/+$/, '');
  const path = remote ? remote.path.slice(root.length) : '';
  return { type, apiUrl, repo: overrides.repo ?? path.replace(/^\/+/, '') };
}

const sshFrontDoors: ReadonlyMap<string, string> = new Map([
  ['ssh.github.com', 'github.com'],
  ['altssh.gitlab.com', 'gitlab.com'],
]);

function parseRemote(remoteUrl: string): Remote | undefined {
  const scp = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]{2,}):(?!\/\/)(?!\\)(.+)$/.exec(remoteUrl);
  const text =
    scp && !remoteUrl.includes('://') ? `ssh://${scp[1]}/${scp[2]?.replace(/^\/+/, '')}` : remoteUrl;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^(?:https?|ssh|git\+ssh):$/.test(url.protocol) || url.hostname === '') return undefined;
  const path = url.pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  const host = sshFrontDoors.get(url.hostname.toLowerCase()) ?? url.hostname.toLowerCase();
  return {
    origin: /^http/.test(url.protocol) ? url.origin : `https://${host}`,
    host,
    path: decodePath(path),
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function typeOf({ host, path }: Remote): HostType {
  if (host === 'github.com' || host.endsWith('.ghe.com')) return 'github';
  if (host === 'bitbucket.org') return 'bitbucket';
  if (host === 'dev.azure.com' || host === 'ssh.dev.azure.com' || host.endsWith('.visualstudio.com'))
    return 'azure';
  if (host === 'codeberg.org') return 'gitea';
  const labels = host.split('.').flatMap((label) => label.split('-'));
  if (labels.includes('gitlab')) return 'gitlab';
  if (labels.includes('github') || labels.includes('ghe')) return 'github';
  if (labels.includes('gitea') || labels.includes('forgejo')) return 'gitea';
  if (/\/_git\/(?:_full\/|_optimized\/)?[^/]+$/.test(path)) return 'azure';
  return labels.includes('bitbucket') || labels.includes('stash') ? 'bitbucket-server' : 'none';
}

/** Hosts whose clone addresses hold more than the repository's name. */
function placeOf(type: HostType, remote: Remote): Omit<GuessedHost, 'type'> | undefined {
  if (type === 'azure') return placeOfAzure(remote);
  return type === 'bitbucket-server' ? placeOfBitbucketServer(remote) : undefined;
}

/** The part of the clone path before the repository's name: a host served under a sub-path. */
function rootOf(type: HostType, remote: Remote | undefined, apiUrl: string | undefined): string {
  if (!remote) return '';
  if (apiUrl !== undefined && URL.canParse(apiUrl)) {
    const root = new URL(apiUrl).pathname.replace(/\/+$/, '').replace(/\/api(?:\/v\d+)?$/, '');
    return root !== '' && remote.path.startsWith(`${root}/`) ? root : '';
  }
  if (type !== 'gitea' && type !== 'github') return '';
  const segments = remote.path.split('/');
  return segments.slice(0, Math.max(1, segments.length - 2)).join('/');
}

function apiOf(type: HostType, remote: Remote, root: string): string {
  switch (type) {
    case 'github':
      if (remote.host === 'github.com') return 'https://api.github.com';
      return remote.host.endsWith('.ghe.com') ? `https://api.${remote.host}` : `${remote.origin}/api/v3`;
    case 'gitlab':
      return `${remote.origin}/api/v4`;
    case 'gitea':
      return `${remote.origin}${root}/api/v1`;
    case 'bitbucket':
      return 'https://api.bitbucket.org/2.0';
    case 'bitbucket-server':
      return `${remote.origin}/rest/api/latest`;
    case 'azure':
    case 'none':
      return '';
  }
}
