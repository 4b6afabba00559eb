import type { Remote } from '../remote.ts';

/** API and repository from a clone address of Bitbucket Data Center: `…/scm/PROJ/name` over HTTP, `/PROJ/name` by ssh. */
export function placeOfBitbucketServer({
  origin,
  path,
}: Remote): { readonly apiUrl: string; readonly repo: string } | undefined {
  const at = path.lastIndexOf('/scm/');
  const context = at < 0 ? '' : path.slice(0, at);
  const repo = (at < 0 ? path : path.slice(at + '/scm/'.length)).replace(/^\/+/, '');
  return { apiUrl: `${origin}${context}/rest/api/latest`, repo };
}
