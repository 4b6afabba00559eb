import { type PlacedAgent, placeKey, type RosterEntry } from '../../fleet/index.ts';
import {
  type AgentPage,
  type AgentSort,
  createFirstFew,
  type InstanceUid,
  type LabelSelector,
  type StepStanding,
} from '../../model/index.ts';
import { finalStep, stepAt } from '../../rollout/index.ts';
import { matchSelector } from '../../selectors/index.ts';
import { isPartOf } from '../rollouts/unit-agents.ts';
import type { World } from '../world.ts';
import { formatCursor, orderKey, parseCursor } from './agent-order.ts';
import { viewAgent } from './agent-view.ts';
import { countedStepOf, standingInStep } from './step-counts.ts';
import { visitInSlices } from './visit-in-slices.ts';

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
  /** Name of one of the rollout's steps. */
  readonly step?: string;
  /** What agents count as in their step of the rollout. */
  readonly standing?: StepStanding;
  /** How the commit begins that first asked for what their rollout brings them. */
  readonly revision?: string;
  /** How the hash begins of the config that it reports, whatever its state. */
  readonly hash?: string;
  /** Part of the host's name, or how the uid begins. */
  readonly text?: string;
  /** Only these. */
  readonly uids?: readonly string[];
  /** Names of facts to count the values of. */
  readonly facets?: readonly string[];
  /** By host and uid, by when they were last seen, longest ago first, or what is worst first; by host where it is left out. */
  readonly sort?: AgentSort;
  readonly limit: number;
  readonly cursor?: string;
}

/** Values of one facet that are told; what is beyond is left out. */
const maxFacetValues = 20;
const none: AgentPage = { items: [], total: 0, next: null, of: 0, facets: {} };

interface Row {
  readonly key: string;
  readonly entry: RosterEntry;
}

/** No two have the same. */
const byKey = (a: Row, b: Row): number => (a.key < b.key ? -1 : 1);

/**
 * A page of the agents that pass the filter, in the order that is asked for; `scope` is a tenant or `*`. Visits the fleet
 * in slices, and keeps no more of it than the page. `error` where the rollout has no such step, or the cursor is of another order.
 */
export async function listAgents(
  world: World,
  breathe: () => Promise<void>,
  scope: string,
  filter: AgentFilter,
): Promise<AgentPage | { readonly error: string }> {
  const tenant = scope === '*' ? filter.tenant : scope;
  if (scope !== '*' && filter.tenant !== undefined && filter.tenant !== scope) return none;
  const { sort = 'host', limit } = filter;
  const cursor = filter.cursor === undefined ? '' : parseCursor(sort, filter.cursor);
  if (cursor === undefined) return { error: 'the cursor is of another order' };
  const part = partOfRollout(world, scope, filter);
  if (part === 'none') return none;
  if (typeof part === 'object') return part;
  const all = world.registry.inOrder(tenant);
  const placed = filter.uids ? placeUids(world, filter.uids, tenant) : all;
  const facets = (filter.facets ?? []).map((name) => ({ name, counts: new Map<string, number>() }));
  const first = createFirstFew<Row>(limit + 1, byKey);
  let total = 0;
  await visitInSlices(placed, breathe, ({ uid }) => {
    const entry = world.registry.get(uid);
    if (!entry || (tenant !== undefined && entry.agent.tenant !== tenant)) return;
    if (!passes(entry, filter) || !part(entry) || !isOfRevision(world, entry, filter)) return;
    total += 1;
    for (const { name, counts } of facets) countValue(counts, facetOf(entry, name));
    const key = orderKey(sort, entry);
    if (filter.cursor === undefined || key > cursor) first.offer({ key, entry });
  });
  const page = first.items.slice(0, limit);
  return {
    items: page.map(({ entry }) => viewAgent(world, entry)),
    total,
    next: first.items.length > limit ? formatCursor(sort, page.at(-1)?.key ?? '') : null,
    of: all.length,
    facets: Object.fromEntries(facets.map(({ name, counts }) => [name, mostFirst(counts)])),
  };
}

/** Whether an agent is in the step that is asked for, and counts there as what is asked for. */
function partOfRollout(
  world: World,
  scope: string,
  { rollout, step, standing }: AgentFilter,
): ((entry: RosterEntry) => boolean) | 'none' | { readonly error: string } {
  if (rollout === undefined || (step === undefined && standing === undefined)) return () => true;
  const unit = world.rollouts.get(rollout);
  if (!unit?.present || (scope !== '*' && scope !== unit.tenant)) return 'none';
  const steps = Array.from({ length: finalStep(unit.policy) + 1 }, (_, index) => stepAt(unit.policy, index));
  const index = step === undefined ? undefined : steps.findIndex(({ name }) => name === step);
  if (index === -1)
    return { error: `the rollout has no such step; it has ${steps.map(({ name }) => name).join(', ')}` };
  return (entry) =>
    isPartOf(unit, entry) &&
    (standing === undefined || standingInStep(unit, entry) === standing) &&
    (index === undefined || countedStepOf(world, unit, entry) === index);
}

/** A rollout that went on to another commit with the same target keeps the one that first asked for it. */
function isOfRevision(world: World, { rollout, packages }: RosterEntry, { revision }: AgentFilter): boolean {
  if (revision === undefined) return true;
  return [rollout, packages].some(
    (part) => part && world.rollouts.get(part.unit)?.state.target.source.startsWith(revision),
  );
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
