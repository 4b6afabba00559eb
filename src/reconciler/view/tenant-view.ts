import type {
  AgentConfig,
  Problem,
  StandingStatus,
  TenantConfigView,
  TenantHead,
  TenantView,
} from '../../model/index.ts';
import type { TrackedRevision } from '../tracked-revision.ts';
import type { World } from '../world.ts';
import { visitInSlices } from './visit-in-slices.ts';

/** Every tenant that is in force or in the newest revision, in name order; `scope` is a tenant or `*`. */
export function listTenantNames({ inForce, head }: World, scope: string): readonly string[] {
  if (scope !== '*') return inForce.has(scope) || head?.snapshot.tenants.has(scope) ? [scope] : [];
  return [...new Set([...inForce.keys(), ...(head?.snapshot.tenants.keys() ?? [])])].sort();
}

/** Those tenants without their AgentConfigs. */
export async function listTenants(
  world: World,
  breathe: () => Promise<void>,
  scope: string,
): Promise<readonly TenantHead[]> {
  const statuses = await newestStatuses(world, breathe);
  const tenants: TenantHead[] = [];
  await visitInSlices(listTenantNames(world, scope), breathe, (name) => {
    tenants.push(viewTenant(world, name, statuses.get(name) ?? null));
  });
  return tenants;
}

/** Each tenant with its AgentConfigs in force. */
export async function addConfigs(
  world: World,
  breathe: () => Promise<void>,
  tenants: readonly TenantHead[],
): Promise<readonly TenantView[]> {
  const whole = tenants.map((tenant) => ({ ...tenant, configs: [] as TenantConfigView[] }));
  await visitInSlices(configsOf(world, whole), breathe, ([{ configs }, config]) => {
    configs.push(viewTenantConfig(world, config));
  });
  return whole;
}

/** Every AgentConfig in force of these tenants. */
function* configsOf<Tenant extends { readonly tenant: string }>(
  { inForce }: World,
  tenants: readonly Tenant[],
): IterableIterator<readonly [Tenant, AgentConfig]> {
  for (const tenant of tenants)
    for (const config of inForce.get(tenant.tenant)?.snapshot.configs ?? []) yield [tenant, config];
}

/** Tenants and their AgentConfigs by name alone. */
export function listNames(
  world: World,
  scope: string,
): readonly { readonly tenant: string; readonly configs: Iterable<string> }[] {
  return listTenantNames(world, scope).map((tenant) => ({
    tenant,
    configs: world.inForce.get(tenant)?.configs.keys() ?? [],
  }));
}

function viewTenant(world: World, name: string, status: TenantView['status']): TenantHead {
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
    status,
    unmanaged: world.registry.statesOf(name, '').delivery.unmanaged,
    enrollment: (shown?.manifest.enrollment ?? []).map(({ name: entry, kind }) => ({ name: entry, kind })),
  };
}

/** By tenant, what the newest commit that changed it came to. */
async function newestStatuses(
  { tracked }: World,
  breathe: () => Promise<void>,
): Promise<ReadonlyMap<string, NonNullable<TenantView['status']>>> {
  const statuses = new Map<string, NonNullable<TenantView['status']>>();
  await visitInSlices(
    standingStatuses([...tracked.values()].reverse()),
    breathe,
    ([{ sha, tenants }, { context, state, description }]) => {
      const name = context.slice(context.lastIndexOf('/') + 1);
      if (tenants.has(name) && !statuses.has(name)) statuses.set(name, { sha, state, description });
    },
  );
  return statuses;
}

function* standingStatuses(
  revisions: readonly TrackedRevision[],
): IterableIterator<readonly [TrackedRevision, StandingStatus]> {
  for (const revision of revisions) for (const status of revision.standing.values()) yield [revision, status];
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
