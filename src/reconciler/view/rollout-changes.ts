import { listChanges } from '../../desired-state/index.ts';
import type { RosterEntry } from '../../fleet/index.ts';
import type { ConfigChange, RolloutChanges, RolloutState, RolloutTarget } from '../../model/index.ts';
import type { DesiredViewer, RenderRequest } from '../ports.ts';
import type { Unit } from '../rollouts/rollout-book.ts';
import { agentsOf } from '../rollouts/unit-agents.ts';
import type { World } from '../world.ts';
import { visitInSlices } from './visit-in-slices.ts';

const maxPairs = 50;
const maxChanges = 200;

interface Pair {
  readonly before: RenderRequest | undefined;
  readonly after: RenderRequest;
  agents: number;
}

export interface ChangesRequest {
  readonly scope: string;
  readonly id: string;
  readonly now: number;
  readonly breathe: () => Promise<void>;
}

/**
 * What the rollout of an AgentConfig changes, setting by setting, for the pairs of renderings that most agents have;
 * undefined where there is none in scope, or it is of a Package.
 */
export async function viewRolloutChanges(
  world: World,
  viewer: DesiredViewer,
  { scope, id, now, breathe }: ChangesRequest,
): Promise<RolloutChanges | undefined> {
  const unit = world.rollouts.get(id);
  if (!unit?.present || unit.kind !== 'config' || (scope !== '*' && scope !== unit.tenant)) return undefined;
  const { target } = unit.state;
  const good = goodBefore(unit.state);
  const pairs = good ? await pairUp(world, unit, good, { now, breathe }) : [];
  const shown = [...pairs].sort((a, b) => b.agents - a.agents).slice(0, maxPairs);
  const counted = new Map<string, ConfigChange & { agents: number }>();
  for (const { before, after, agents } of shown) {
    const [old, fresh] = await Promise.all([before && viewer.showDesired(before), viewer.showDesired(after)]);
    if (!fresh || (before && !old)) continue;
    for (const change of listChanges(old, fresh) ?? []) {
      const key = JSON.stringify([change.path, change.before, change.after]);
      counted.set(key, { ...change, agents: agents + (counted.get(key)?.agents ?? 0) });
    }
  }
  const changes = [...counted.values()].sort((a, b) => b.agents - a.agents);
  return {
    from: good?.source ?? null,
    to: target.source,
    agents: shown.reduce((sum, { agents }) => sum + agents, 0),
    distinct: pairs.length,
    changes: changes.slice(0, maxChanges),
    truncated: changes.length > maxChanges || pairs.length > maxPairs,
  };
}

/** What agents had before the target; once that has passed, it is itself what is good. */
function goodBefore({ target, lastGood, previousGood }: RolloutState): RolloutTarget | undefined {
  return lastGood?.key === target.key ? previousGood : lastGood;
}

/** Agents by what they had and what they are to have: the same layers on both sides are one change. */
async function pairUp(
  world: World,
  unit: Unit,
  good: RolloutTarget,
  { now, breathe }: Pick<ChangesRequest, 'now' | 'breathe'>,
): Promise<readonly Pair[]> {
  const pairs = new Map<string, Pair>();
  await visitInSlices(agentsOf(world, unit), breathe, (entry) => {
    const before = requestOf(world, unit, good, entry, now);
    const after = requestOf(world, unit, unit.state.target, entry, now);
    if (!after) return;
    const key = JSON.stringify([before?.assigned.overlays, after.assigned.overlays]);
    const known = pairs.get(key);
    if (known) known.agents += 1;
    else pairs.set(key, { before, after, agents: 1 });
  });
  return [...pairs.values()];
}

function requestOf(
  { archive }: World,
  { tenant, name }: Unit,
  target: RolloutTarget,
  { agent }: RosterEntry,
  now: number,
): RenderRequest | undefined {
  const found = archive.assign(tenant, name, target, agent.labels, now);
  return found && { revision: found.revision, tenant, assigned: found.assigned };
}
