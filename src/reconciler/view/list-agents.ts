import type { RosterEntry } from '../../fleet/index.ts';
import type { AgentPage, LabelSelector } from '../../model/index.ts';
import { matchSelector } from '../../selectors/index.ts';
import type { World } from '../world.ts';
import { viewAgent } from './agent-view.ts';

export interface AgentFilter {
  readonly tenant?: string;
  readonly config?: string;
  readonly selector?: LabelSelector;
  readonly delivery?: string;
  readonly health?: string;
  readonly sync?: string;
  readonly connected?: boolean;
  readonly problem?: 'drift' | 'wrongConfig';
  readonly version?: string;
  /** Part of the host's name, or how the uid begins. */
  readonly text?: string;
  /** Only these. */
  readonly uids?: readonly string[];
  /** Names of facts to count the values of. */
  readonly facets?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

/** Values of one facet that are told; what is beyond is left out. */
const maxFacetValues = 20;
const none: AgentPage = { items: [], total: 0, next: null, of: 0, facets: {} };

/** A page of the agents that pass the filter, ordered by host and uid; `scope` is a tenant or `*`. */
export function listAgents(world: World, scope: string, filter: AgentFilter): AgentPage {
  const tenant = scope === '*' ? filter.tenant : scope;
  if (scope !== '*' && filter.tenant !== undefined && filter.tenant !== scope) return none;
  const candidates = tenant === undefined ? world.registry.entries() : world.registry.ofTenant(tenant);
  const keyed: { readonly key: string; readonly entry: RosterEntry }[] = [];
  let of = 0;
  for (const entry of candidates) {
    of += 1;
    if (passes(entry, filter)) keyed.push({ key: keyOf(entry), entry });
  }
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const cursor = filter.cursor === undefined ? undefined : Buffer.from(filter.cursor, 'base64url').toString();
  const start = cursor === undefined ? 0 : keyed.findIndex(({ key }) => key > cursor);
  const page = start < 0 ? [] : keyed.slice(start, start + filter.limit);
  const more = start >= 0 && start + page.length < keyed.length;
  return {
    items: page.map(({ entry }) => viewAgent(world, entry)),
    total: keyed.length,
    next: more ? Buffer.from(page.at(-1)?.key ?? '').toString('base64url') : null,
    of,
    facets: Object.fromEntries((filter.facets ?? []).map((name) => [name, countValues(keyed, name)])),
  };
}

function keyOf({ agent }: RosterEntry): string {
  const host = agent.labels.get('host.name');
  return `${typeof host === 'string' ? host : ''}/${agent.uid}`;
}

function passes({ agent, facts }: RosterEntry, filter: AgentFilter): boolean {
  if (filter.connected !== undefined && facts.connected !== filter.connected) return false;
  if (filter.delivery !== undefined && facts.delivery !== filter.delivery) return false;
  if (filter.health !== undefined && facts.health !== filter.health) return false;
  if (filter.sync !== undefined && facts.sync !== filter.sync) return false;
  if (filter.config !== undefined && (facts.config ?? '') !== filter.config) return false;
  if (filter.problem === 'drift' && !facts.drifted) return false;
  if (filter.problem === 'wrongConfig' && !facts.wrongConfig) return false;
  if (filter.version !== undefined && agent.labels.get('service.version') !== filter.version) return false;
  if (filter.uids !== undefined && !filter.uids.includes(agent.uid)) return false;
  if (filter.text !== undefined && !hasText(agent, filter.text.toLowerCase())) return false;
  return filter.selector === undefined || matchSelector(filter.selector, agent.labels);
}

function hasText({ uid, labels }: RosterEntry['agent'], text: string): boolean {
  const host = labels.get('host.name');
  return uid.startsWith(text) || (typeof host === 'string' && host.toLowerCase().includes(text));
}

function countValues(
  keyed: readonly { readonly entry: RosterEntry }[],
  name: string,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { entry } of keyed) {
    const value = facetOf(entry, name);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, maxFacetValues);
}

function facetOf({ agent, facts }: RosterEntry, name: string): string {
  switch (name) {
    case 'tenant':
      return agent.tenant;
    case 'config':
      return facts.config ?? '';
    case 'sync':
    case 'health':
    case 'delivery':
      return facts[name];
    case 'connected':
      return String(facts.connected);
    default:
      return String(agent.labels.get('service.version') ?? '');
  }
}
