import type { Problem, TenantManifest } from '../model/index.ts';
import type { DecodedAgentConfig } from './decode/agent-config.ts';
import type { RepoLimits } from './limits.ts';
import { checkUniqueNames } from './named-objects.ts';
import { checkNamedReferences } from './named-references.ts';
import type { PlacedDocuments } from './placement.ts';
import { repoProblem } from './problem.ts';
import type { Revision } from './revision.ts';
import type { Granted } from './tenant-manifests.ts';
import { composeTenantObjects, rolloutNames, type TenantObjects } from './tenant-objects.ts';

/** A tenant's AgentConfigs and other objects, and the problems of its own files, before anything is rendered. */
export interface TenantParts {
  readonly configs: readonly DecodedAgentConfig[];
  readonly objects: TenantObjects;
  readonly problems: readonly Problem[];
  /** When overlays expire, those of rejected AgentConfigs included, in milliseconds since the epoch. */
  readonly expiries: readonly number[];
}

/** Reads all documents of one tenant but its Tenant. */
export function readTenantParts(
  manifest: TenantManifest,
  own: PlacedDocuments,
  granted: Granted,
  revision: Revision,
  limits: RepoLimits,
): TenantParts {
  const { name } = manifest;
  const problems: Problem[] = own.tenants.flatMap((document) => revision.checkSchema(document));
  const decoded = own.agentConfigs.map((document) => revision.decode(document, name));
  problems.push(...decoded.flatMap((config) => config.problems));
  const all = [...decoded, ...revision.defaults];
  problems.push(...checkUniqueNames(all.map(({ document }) => document)));
  problems.push(...checkFileCount(manifest, revision, limits));
  const ownObjects = revision.decodeObjects(own, name);
  const { objects, problems: objectProblems } = composeTenantObjects({
    tenant: name,
    own: ownObjects,
    root: revision.objects,
    configs: all,
    granted,
    isWholeRepo: revision.discovery.layout.isImplicit,
  });
  const references = checkNamedReferences(all, rolloutNames(ownObjects, revision.objects));
  problems.push(...objectProblems, ...[...references.values()].flat());
  const expiries = all.flatMap((config) => config.expiries);
  return { configs: keepSound(all, references), objects, problems, expiries };
}

function keepSound(
  all: readonly DecodedAgentConfig[],
  references: ReadonlyMap<DecodedAgentConfig, readonly Problem[]>,
): readonly DecodedAgentConfig[] {
  const names = new Set<string>();
  return all.filter((config) => {
    const isRepeated = names.has(config.name);
    names.add(config.name);
    return config.config && !isRepeated && references.get(config)?.length === 0;
  });
}

function checkFileCount(
  manifest: TenantManifest,
  revision: Revision,
  limits: RepoLimits,
): readonly Problem[] {
  const { fileCounts, isImplicit } = revision.discovery.layout;
  const most = manifest.limits.maxFiles ?? limits.maxFilesPerTenant;
  const count = fileCounts.get(manifest.name) ?? 0;
  if (count <= most) return [];
  const at = {
    file: manifest.file ?? (isImplicit ? 'tenant.yaml' : `tenants/${manifest.name}/tenant.yaml`),
    line: 1,
    column: 1,
  };
  return [repoProblem('FR025', at, `the tenant has ${count} files; at most ${most} are allowed`)];
}
