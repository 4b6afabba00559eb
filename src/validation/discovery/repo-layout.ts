import type { TreeEntry } from '../../model/index.ts';

/** Where things are in a repo: which tenants there are and whose a path is. */
export interface RepoLayout {
  /** Whether the repo has no `tenants/` and so is the one tenant `default`. */
  readonly isImplicit: boolean;
  /** Names of the folders below `tenants/`, sorted; `default` alone where the layout is implicit. */
  readonly tenantFolders: readonly string[];
  /** Files of each tenant's folder; where one tenant is the whole repo, its YAML alone. */
  readonly fileCounts: ReadonlyMap<string, number>;
  /** The tenant whose folder holds this path; undefined for shared paths. */
  ownerOf(path: string): string | undefined;
}

/** The one tenant of a repo without `tenants/`. */
export const implicitTenant = 'default';

/** Reads the layout off the paths; folders below `tenants/` count where they hold YAML. */
export function computeLayout(entries: readonly TreeEntry[]): RepoLayout {
  const isImplicit = !entries.some(({ path }) => path.startsWith('tenants/'));
  const ownerOf = (path: string) => (isImplicit ? implicitTenant : tenantFolder(path));
  const folders = new Set<string>(isImplicit ? [implicitTenant] : []);
  const fileCounts = new Map<string, number>();
  for (const { path } of entries) {
    const owner = ownerOf(path);
    if (owner === undefined) continue;
    if (isYamlPath(path)) folders.add(owner);
    if (!isImplicit || isYamlPath(path)) fileCounts.set(owner, (fileCounts.get(owner) ?? 0) + 1);
  }
  return { isImplicit, tenantFolders: [...folders].sort(), fileCounts, ownerOf };
}

/** Whether Muster looks at this path on its own: YAML outside hidden folders. */
export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/.test(path) && !/(^|\/)\./.test(path);
}

function tenantFolder(path: string): string | undefined {
  if (!path.startsWith('tenants/')) return undefined;
  const end = path.indexOf('/', 'tenants/'.length);
  return end === -1 ? undefined : path.slice('tenants/'.length, end);
}
