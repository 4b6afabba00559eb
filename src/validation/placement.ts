import type { Problem } from '../model/index.ts';
import type { IsDefaultFile } from './default-files.ts';
import type { SourceDocument } from './discovery/classify-file.ts';
import type { RepoLayout } from './discovery/repo-layout.ts';
import { repoProblem } from './problem.ts';

/** The documents of one tenant, or the shared ones. */
export interface PlacedDocuments {
  readonly tenants: readonly SourceDocument[];
  readonly agentConfigs: readonly SourceDocument[];
  readonly rollouts: readonly SourceDocument[];
  readonly packages: readonly SourceDocument[];
  readonly connections: readonly SourceDocument[];
}

/** Where every document belongs. */
export interface Placement {
  readonly byTenant: ReadonlyMap<string, PlacedDocuments>;
  /** Documents outside every tenant; its AgentConfigs are the fleet's defaults. */
  readonly shared: PlacedDocuments;
  /** Documents that are where their kind may not be. */
  readonly problems: readonly Problem[];
}

/** Sorts documents by owner and kind; a Fleet is not among them. */
export function placeDocuments(
  documents: readonly SourceDocument[],
  layout: RepoLayout,
  isDefaultFile: IsDefaultFile,
): Placement {
  const groups = new Map<string | undefined, SourceDocument[]>();
  const problems: Problem[] = [];
  for (const document of documents) {
    if (document.kind === 'Fleet') continue;
    const isDefault = document.kind === 'AgentConfig' && isDefaultFile(document.file);
    const owner = isDefault ? undefined : layout.ownerOf(document.file);
    const problem = checkPlace(document, owner, isDefault, layout);
    const group = groups.get(owner);
    if (problem) problems.push(problem);
    else if (group) group.push(document);
    else groups.set(owner, [document]);
  }
  const byTenant = new Map(layout.tenantFolders.map((name) => [name, sortKinds(groups.get(name) ?? [])]));
  return { byTenant, shared: sortKinds(groups.get(undefined) ?? []), problems };
}

function checkPlace(
  { kind, file, node }: SourceDocument,
  owner: string | undefined,
  isDefault: boolean,
  layout: RepoLayout,
): Problem | undefined {
  if (kind === 'Tenant') {
    const folder = layout.isImplicit ? '' : `tenants/${owner}/`;
    const isTenantFile =
      owner !== undefined && (file === `${folder}tenant.yaml` || file === `${folder}tenant.yml`);
    return isTenantFile
      ? undefined
      : repoProblem('FR014', node.at, `a Tenant is ${tenantPath(layout, owner)}, nowhere else`);
  }
  if (kind === 'AgentConfig' && owner === undefined && !isDefault) {
    const message =
      'this AgentConfig belongs to no tenant; move it below tenants/<name>/, or list it in defaults of fleet.yaml';
    return repoProblem('FR003', node.at, message);
  }
  return undefined;
}

function tenantPath(layout: RepoLayout, owner: string | undefined): string {
  return layout.isImplicit ? 'tenant.yaml at the root' : `tenants/${owner ?? '<name>'}/tenant.yaml`;
}

function sortKinds(documents: readonly SourceDocument[]): PlacedDocuments {
  return {
    tenants: documents.filter(({ kind }) => kind === 'Tenant'),
    agentConfigs: documents.filter(({ kind }) => kind === 'AgentConfig'),
    rollouts: documents.filter(({ kind }) => kind === 'Rollout'),
    packages: documents.filter(({ kind }) => kind === 'Package'),
    connections: documents.filter(({ kind }) => kind === 'Connection'),
  };
}
