import { sumCounts } from '../../fleet/index.ts';
import type { AgentCounts } from '../../model/index.ts';
import type { World } from '../world.ts';
import { countProblems, listTenantNames } from './tenant-view.ts';

/** The numbers that are read at each scrape: no more is made for them than they are. */
export function createFleetGauges(world: World) {
  const tenants = () =>
    listTenantNames(world, '*').map((tenant) => ({ tenant, agents: world.registry.countsOf(tenant) }));
  return {
    /** Agents of all tenants by fact. */
    counts: (): AgentCounts => sumCounts(tenants().map(({ agents }) => agents)),
    tenants,
    /** Of the newest revision. */
    problems: () => countProblems(world.head?.snapshot.problems ?? []),
  };
}
