import type { RosterEntry } from '../../fleet/index.ts';
import type { AgentView, LabelSelector, Page } from '../../model/index.ts';
import { matchSelector } from '../../selectors/index.ts';
import type { World } from '../world.ts';
import { viewAgent } from './agent-view.ts';

export interface AgentFilter {
  readonly tenant?: string;
  readonly selector?: LabelSelector;
  readonly delivery?: string;
  readonly health?: string;
  readonly connected?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of the agents that pass the filter, ordered by uid; `scope` is a tenant or `*`. */
export function listAgents(world: World, scope: string, filter: AgentFilter): Page<AgentView> {
  const tenant = scope === '*' ? filter.tenant : scope;
  if (scope !== '*' && filter.tenant !== undefined && filter.tenant !== scope)
    return { items: [], total: 0, next: null };
  const candidates = tenant === undefined ? world.registry.entries() : world.registry.ofTenant(tenant);
  const matching = [...candidates].filter((entry) => passes(entry, filter));
  matching.sort((a, b) => (a.agent.uid < b.agent.uid ? -1 : 1));
  const start =
    filter.cursor === undefined
      ? 0
      : matching.findIndex(({ agent }) => agent.uid > (filter.cursor as string));
  const page = start < 0 ? [] : matching.slice(start, start + filter.limit);
  const more = start >= 0 && start + page.length < matching.length;
  return {
    items: page.map((entry) => viewAgent(world, entry)),
    total: matching.length,
    next: more ? (page.at(-1)?.agent.uid ?? null) : null,
  };
}

function passes({ agent, facts }: RosterEntry, filter: AgentFilter): boolean {
  if (filter.connected !== undefined && facts.connected !== filter.connected) return false;
  if (filter.delivery !== undefined && facts.delivery !== filter.delivery) return false;
  if (filter.health !== undefined && facts.health !== filter.health) return false;
  return filter.selector === undefined || matchSelector(filter.selector, agent.labels);
}
