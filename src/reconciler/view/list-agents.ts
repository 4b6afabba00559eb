import { type PlacedAgent, placeKey, type RosterEntry } from '../../fleet/index.ts';
import type { AgentPage, InstanceUid, LabelSelector } from '../../model/index.ts';
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
  /** Id of the rollout, of an AgentConfig or a Package, that it is part of. */
  readonly rollout?: string;
  /** How the hash begins of the config that it reports, whatever its state. */
  readonly hash?: string;
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
  const all = world.registry.inOrder(tenant);
  const placed = filter.uids ? placeUids(world, filter.uids, tenant) : all;
  const cursor = filter.cursor === undefined ? '' : Buffer.from(filter.cursor, 'base64url').toString();
  const facets = (filter.facets ?? []).map((name) => ({ name, counts: new Map<string, number>() }));
  const page: { readonly key: string; readonly entry: RosterEntry }[] = [];
  let [total, more] = [0, false];
  for (const { key, uid } of placed) {
    const entry = world.registry.get(uid);
    if (!entry || !passes(entry, filter)) continue;
    total += 1;
    for (const { name, counts } of facets) countValue(counts, facetOf(entry, name));
    if (filter.cursor !== undefined && key <= cursor) continue;
    if (page.length < filter.limit) page.push({ key, entry });
    else more = true;
  }
  return {
    items: page.map(({ entry }) => viewAgent(world, entry)),
    total,
    next: more ? Buffer.from(page.at(-1)?.key ?? '').toString('base64url') : null,
    of: all.length,
    facets: Object.fromEntries(facets.map(({ name, counts }) => [name, mostFirst(counts)])),
  };
}

/** Named agents need no look at the others. */
function placeUids(
  { registry }: World,
  uids: readonly string[],
  tenant: string | undefined,
): readonly PlacedAgent[] {
  const entries = [...new Set(uids)].flatMap((uid) => registry.get(uid as InstanceUid) ?? []);
  const own = entries.filter(({ agent }) => tenant === undefined || agent.tenant === tenant);
  const placed = own.map(({ agent }) => ({ key: placeKey(agent), uid: agent.uid }));
  return placed.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function passes({ agent, facts, rollout, packages }: RosterEntry, filter: AgentFilter): boolean {
  if (filter.connected !== undefined && facts.connected !== filter.connected) return false;
  if (filter.delivery !== undefined && facts.delivery !== filter.delivery) return false;
  if (filter.health !== undefined && facts.health !== filter.health) return false;
  if (filter.sync !== undefined && facts.sync !== filter.sync) return false;
  if (filter.config !== undefined && (facts.config ?? '') !== filter.config) return false;
  if (filter.problem === 'drift' && !facts.drifted) return false;
  if (filter.problem === 'wrongConfig' && !facts.wrongConfig) return false;
  if (filter.version !== undefined && agent.labels.get('service.version') !== filter.version) return false;
  if (filter.rollout !== undefined && rollout?.unit !== filter.rollout && packages?.unit !== filter.rollout)
    return false;
  if (filter.hash !== undefined && agent.remoteConfigStatus?.hash.startsWith(filter.hash) !== true)
    return false;
  if (filter.text !== undefined && !hasText(agent, filter.text.toLowerCase())) return false;
  return filter.selector === undefined || matchSelector(filter.selector, agent.labels);
}

function hasText({ uid, labels }: RosterEntry['agent'], text: string): boolean {
  const host = labels.get('host.name');
  return uid.startsWith(text) || (typeof host === 'string' && host.toLowerCase().includes(text));
}

function countValue(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
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
