import type { RepoLinks } from '../model/index.ts';
import type { GuessedHost } from './guess-host.ts';

/**
 * Where a Git host shows commits, lines and pull requests of the repo; null for a host whose pages are not known. `path`
 * is the folder of the repo that is the fleet's, as files are named below it.
 */
export function webLinks({ type, apiUrl, repo }: GuessedHost, path: string): RepoLinks | null {
  const [owner, name] = [repo.slice(0, repo.lastIndexOf('/')), repo.slice(repo.lastIndexOf('/') + 1)];
  if (owner === '' || name === '' || !/^https?:\/\//.test(apiUrl)) return null;
  const folder = encodePath(path.replace(/^\.?\/+|^\.$|\/+$/g, ''));
  const file = folder === '' ? '{path}' : `${folder}/{path}`;
  const below = (root: string) => `${root}/${encodePath(repo)}`;
  switch (type) {
    case 'github': {
      const own = apiUrl.replace(/^(https?:\/\/)api\.(.+)$/, '$1$2').replace(/\/api\/v3$/, '');
      return linksOf(below(own), ['/commit/{sha}', `/blob/{sha}/${file}#L{line}`, '/pull/{number}']);
    }
    case 'gitlab': {
      const own = below(apiUrl.replace(/\/api\/v4$/, ''));
      return linksOf(`${own}/-`, [
        '/commit/{sha}',
        `/blob/{sha}/${file}#L{line}`,
        '/merge_requests/{number}',
      ]);
    }
    case 'gitea': {
      const own = below(apiUrl.replace(/\/api\/v1$/, ''));
      return linksOf(own, ['/commit/{sha}', `/src/commit/{sha}/${file}#L{line}`, '/pulls/{number}']);
    }
    case 'bitbucket':
      return linksOf(below('https://bitbucket.org'), [
        '/commits/{sha}',
        `/src/{sha}/${file}#lines-{line}`,
        '/pull-requests/{number}',
      ]);
    case 'bitbucket-server': {
      const own = apiUrl.replace(/\/rest\/api\/[^/]+$/, '');
      // `~ada` is a person's own project, which has another address.
      const project = owner.startsWith('~')
        ? `users/${encodePath(owner.slice(1))}`
        : `projects/${encodePath(owner)}`;
      return linksOf(`${own}/${project}/repos/${encodePath(name)}`, [
        '/commits/{sha}',
        `/browse/${file}?at={sha}#{line}`,
        '/pull-requests/{number}',
      ]);
    }
    case 'azure': {
      const lines = 'line={line}&lineEnd={line}&lineStartColumn=1&lineEndColumn=999';
      return linksOf(`${apiUrl}/${encodePath(owner)}/_git/${encodePath(name)}`, [
        '/commit/{sha}',
        `?path=/${file}&version=GC{sha}&${lines}`,
        '/pullrequest/{number}',
      ]);
    }
    case 'none':
      return null;
  }
}

function linksOf(own: string, [commit, file, pull]: readonly [string, string, string]): RepoLinks {
  return { commit: `${own}${commit}`, file: `${own}${file}`, pull: `${own}${pull}` };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/').replaceAll('%7E', '~');
}
