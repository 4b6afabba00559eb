import type { Remote } from '../remote.ts';

/**
 * Organization or collection, project and repository from a clone address of Azure DevOps Services (`dev.azure.com`,
 * `visualstudio.com`, either ssh form) or Server; undefined for another form.
 */
export function placeOfAzure({
  origin,
  host,
  path,
}: Remote): { readonly apiUrl: string; readonly repo: string } | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments[0] === 'v3' && segments.length === 4) {
    const [, organization = '', project = '', name = ''] = segments;
    return {
      apiUrl: `https://dev.azure.com/${encodeURIComponent(organization)}`,
      repo: `${project}/${name}`,
    };
  }
  const mark = segments.indexOf('_git');
  // `_full` and `_optimized` may stand before the name.
  const name = segments.at(-1);
  if (mark < 0 || name === undefined || segments.length < mark + 2) return undefined;
  const before = segments.slice(0, mark);
  // A project's first repository has the project's name, which the address then leaves out.
  const organizationOnly = host === 'dev.azure.com' ? before.length === 1 : before.length === 0;
  const project = organizationOnly ? name : before.pop();
  const root = before.map((segment) => `/${encodeURIComponent(segment)}`).join('');
  return { apiUrl: `${origin}${root}`, repo: `${project}/${name}` };
}
