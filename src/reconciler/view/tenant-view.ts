import type { AgentConfig, Problem, TenantConfigView, TenantView } from '../../model/index.ts';
import { standingOf } from '../tracked-revision.ts';
import type { World } from '../world.ts';

/** Every tenant that is in force or in the newest revision, in name order; `scope` is a tenant or `*`. */
export function listTenants(world: World, scope: string): readonly TenantView[] {
  const names = new Set([...world.inForce.keys(), ...(world.head?.snapshot.tenants.keys() ?? [])]);
  return [...names]
    .filter((name) => scope === '*' || name === scope)
    .sort()
    .map((name) => viewTenant(world, name));
}

function viewTenant(world: World, name: string): TenantView {
  const inForce = world.inForce.get(name)?.snapshot;
  const newest = world.head?.snapshot.tenants.get(name);
  const shown = inForce ?? newest;
  const held = world.held.get(name);
  return {
    tenant: name,
    owners: shown?.manifest.owners ?? [],
    inForce: inForce?.revision ?? null,
    held: held ? { sha: held.sha, reason: held.reason } : null,
    problems: countProblems(newest?.problems ?? []),
    agents: world.registry.countsOf(name),
    states: world.registry.statesOf(name),
    status: newestStatus(world, name),
    unmanaged: world.registry.statesOf(name, '').delivery.unmanaged,
    enrollment: (shown?.manifest.enrollment ?? []).map(({ name: entry, kind }) => ({ name: entry, kind })),
    configs: (inForce?.configs ?? []).map((config) => viewTenantConfig(world, config)),
  };
}

/** What the newest commit that changed the tenant came to. */
function newestStatus(world: World, name: string): TenantView['status'] {
  for (const revision of [...world.tracked.values()].reverse()) {
    const standing = revision.tenants.has(name) ? standingOf(revision, name) : undefined;
    if (standing) return { sha: revision.sha, state: standing.state, description: standing.description };
  }
  return null;
}

/** One AgentConfig and how its agents stand. */
export function viewTenantConfig({ registry }: World, config: AgentConfig): TenantConfigView {
  return {
    config: config.name,
    type: config.type,
    priority: config.priority,
    file: config.at,
    agents: registry.countsOf(config.tenant, config.name),
    states: registry.statesOf(config.tenant, config.name),
    selector: config.selector,
  };
}

/** Errors and warnings among problems. */
export function countProblems(problems: readonly Problem[]): {
  readonly errors: number;
  readonly warnings: number;
} {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: problems.filter(({ severity }) => severity === 'warning').length };
}
