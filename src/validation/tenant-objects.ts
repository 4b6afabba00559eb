import type { ConnectionManifest, PackageManifest, Problem, RolloutPolicy } from '../model/index.ts';
import type { DecodedAgentConfig } from './decode/agent-config.ts';
import type { DecodedObject } from './decode/decoded-object.ts';
import { scalarOf } from './decode/fields.ts';
import { checkAgainstRoot, type NamedObjects, problemsOf } from './named-objects.ts';
import { checkRollout } from './named-references.ts';
import { repoProblem } from './problem.ts';
import type { Granted } from './tenant-manifests.ts';

/** The Connections, Packages and Rollouts that a tenant's agents are subject to. */
export interface TenantObjects {
  readonly connections: readonly ConnectionManifest[];
  readonly packages: readonly PackageManifest[];
  /** Those that its AgentConfigs and Packages name. */
  readonly rollouts: ReadonlyMap<string, RolloutPolicy>;
}

/** What composing them needs. */
export interface TenantObjectsInput {
  readonly tenant: string;
  readonly own: NamedObjects;
  readonly root: NamedObjects;
  readonly configs: readonly DecodedAgentConfig[];
  readonly granted: Granted;
  /** Where one tenant is the whole repo, its owners are the fleet's and need no grant. */
  readonly isWholeRepo: boolean;
}

/** Composes the root's objects with the tenant's own, which reach it where their kind is granted. */
export function composeTenantObjects(input: TenantObjectsInput): {
  readonly objects: TenantObjects;
  readonly problems: readonly Problem[];
} {
  const { tenant, own, root, granted, isWholeRepo } = input;
  // What stands at the root may use what root objects may, also where the whole repo is one tenant's.
  const owner = isWholeRepo ? undefined : tenant;
  const rollouts = [...own.rollouts, ...root.rollouts];
  const used = namesInUse(input);
  const refusals = isWholeRepo
    ? []
    : [...own.packages, ...own.connections].flatMap((one) => checkGrant(one, granted));
  const objects: TenantObjects = {
    connections: combine(
      root.connections,
      own.connections,
      owner,
      isWholeRepo || granted.kinds.has('Connection'),
    ),
    packages: combine(root.packages, own.packages, owner, isWholeRepo || granted.kinds.has('Package')),
    rollouts: new Map(
      rollouts.flatMap(({ name, value }) => (value && used.has(name) ? [[name, value] as const] : [])),
    ),
  };
  const problems = [
    ...[own.rollouts, own.packages, own.connections].flatMap(problemsOf),
    ...checkAgainstRoot(own.rollouts, root.rollouts),
    ...checkAgainstRoot(own.packages, root.packages),
    ...checkAgainstRoot(own.connections, root.connections),
    ...own.packages.flatMap(({ document }) => checkRollout(document, rolloutNames(own, root))),
    // Errors of shared Rollouts count against those who use them.
    ...problemsOf(root.rollouts.filter(({ name }) => used.has(name))),
    ...refusals,
  ];
  return { objects, problems };
}

/** Names of the Rollouts that a tenant's objects may refer to. */
export function rolloutNames(own: NamedObjects, root: NamedObjects): ReadonlySet<string> {
  return new Set([...own.rollouts, ...root.rollouts].map(({ name }) => name));
}

function namesInUse({ own, root, configs }: TenantObjectsInput): ReadonlySet<string> {
  const users = [...configs, ...own.packages, ...root.packages];
  return new Set(users.flatMap(({ document }) => scalarOf(document.node, 'rollout')?.text ?? []));
}

function checkGrant({ document }: DecodedObject<unknown>, { kinds }: Granted): readonly Problem[] {
  const { kind, node } = document;
  if (kinds.has(kind)) return [];
  return [
    repoProblem('FR015', node.at, `this tenant may not use ${kind}; fleet.yaml grants it under tenants`),
  ];
}

/** The root's objects and then a tenant's own, each in the order of their names. */
function combine<T extends { readonly name: string }>(
  root: readonly DecodedObject<T>[],
  own: readonly DecodedObject<T>[],
  tenant: string | undefined,
  isGranted: boolean,
): readonly (T & { readonly tenant: string | undefined })[] {
  const soundOf = (objects: readonly DecodedObject<T>[]) =>
    objects.flatMap(({ value }) => (value ? [value] : [])).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...soundOf(root).map((value) => ({ ...value, tenant: undefined })),
    ...(isGranted ? soundOf(own).map((value) => ({ ...value, tenant })) : []),
  ];
}
