import { gitError } from './git-errors.ts';

/** User name and password (or token) for HTTP Basic, or a bearer token. */
export type GitCredentials =
  | { readonly username: string; readonly password: string }
  | { readonly bearer: string };

/** Where the fleet repo is, taken apart; `url` never holds a password. */
export type RemoteAddress =
  | { readonly kind: 'local'; readonly dir: string }
  | { readonly kind: 'http'; readonly url: string; readonly credentials?: GitCredentials }
  | { readonly kind: 'ssh'; readonly url: string };

const scpLike = /^(?:[^@/:\s]+@)?(?<host>[^@/:\s]{2,}):(?!\/\/)(?<path>.+)$/;
const helper = /^[A-Za-z0-9+.-]*::/;
const scheme = /^(?<name>[A-Za-z][A-Za-z0-9+.-]*):\/\//;

function refuse(reason: string, hint?: string): never {
  throw gitError('GIT_URL_REFUSED', `repo ${reason}`, hint === undefined ? {} : { hint });
}

function parseHttp(text: string): RemoteAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('is not a valid URL');
  }
  if (url.search !== '' || url.hash !== '') refuse('has a query or a fragment, which a Git URL never has');
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = url.href.replace(/\/+$/, '');
  if (username === '' && password === '') return { kind: 'http', url: plain };
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { kind: 'http', url: plain, credentials };
}

function parseSsh(text: string): RemoteAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('is not a valid URL');
  }
  if (url.password !== '') refuse('holds a password, which ssh cannot use', 'Use an ssh key without one.');
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) {
    refuse('has a host or user that ssh would read as an option');
  }
  return { kind: 'ssh', url: text };
}

function parseFileUrl(text: string, isDirectory: (dir: string) => boolean): RemoteAddress {
  const dir = /^file:\/\/(?:localhost)?(?<dir>\/.*)$/.exec(text)?.groups?.dir;
  const decoded = dir === undefined ? '' : decodeURIComponent(dir);
  if (decoded === '' || !isDirectory(decoded)) refuse('is a file:// URL of no local directory');
  return { kind: 'local', dir: decoded };
}

/**
 * Tells what kind of remote `repo` is and takes credentials out of it.
 * Throws GIT_URL_REFUSED for transport helpers (`ext::`), options, other schemes and control characters.
 */
export function parseRemote(repo: string, isDirectory: (dir: string) => boolean): RemoteAddress {
  if (repo === '' || /[\0-\x1f\x7f]/.test(repo)) refuse('is empty or has control characters');
  if (repo.startsWith('-')) refuse('starts with a dash, which git would read as an option');
  const name = scheme.exec(repo)?.groups?.name?.toLowerCase();
  if (name === 'http' || name === 'https') return parseHttp(repo);
  if (name === 'ssh' || name === 'git+ssh' || name === 'ssh+git') return parseSsh(repo);
  if (name === 'file') return parseFileUrl(repo, isDirectory);
  if (name !== undefined) refuse(`uses ${name}://, which is not supported`);
  if (isDirectory(repo)) return { kind: 'local', dir: repo };
  if (helper.test(repo)) refuse('names a transport helper, which would run a command');
  const scp = scpLike.exec(repo)?.groups;
  if (scp === undefined) return { kind: 'local', dir: repo };
  if (scp.host?.startsWith('-') || scp.path?.startsWith('-')) {
    refuse('has a host or path that ssh would read as an option');
  }
  return { kind: 'ssh', url: repo };
}

/** The `Authorization` header for these credentials; undefined where they are empty. */
export function composeAuthorization(credentials: GitCredentials | undefined): string | undefined {
  if (credentials === undefined) return undefined;
  if ('bearer' in credentials) return credentials.bearer === '' ? undefined : `Bearer ${credentials.bearer}`;
  const { username, password } = credentials;
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** The remote as it may appear in logs and errors: no user, no password. */
export function describeRemote(remote: RemoteAddress): string {
  if (remote.kind === 'local') return remote.dir;
  return remote.kind === 'http' ? remote.url : remote.url.replace(/^((?:\w|\+)+:\/\/)?[^@/]*@/, '$1');
}
