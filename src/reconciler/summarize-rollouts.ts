import type { RolloutStanding } from '../model/index.ts';
import { describeRollout, type NamedFailure } from '../rollout/index.ts';
import { gatesOf } from './rollouts/roll-case.ts';
import type { Unit } from './rollouts/rollout-book.ts';
import type { World } from './world.ts';

/** How rollouts stand, each with the failure that tells most; undefined where none of them goes by steps. */
export function summarizeRollouts(
  world: World,
  units: readonly Unit[],
  worstOf: (unit: Unit) => NamedFailure | undefined,
): readonly RolloutStanding[] | undefined {
  const standing = units.flatMap((unit) => {
    // Most AgentConfigs of a large repo match nobody, and their counters need not be looked at.
    if (!unit.present || unit.tally.counts().matched === 0) return [];
    const counters = unit.tally.counters(unit.state.version);
    const about = { hold: holdOf(world, unit), worst: worstOf(unit) };
    return [{ unit, ...describeRollout(unit.state, unit.policy, counters, about) }];
  });
  if (standing.every(({ unit }) => unit.policy.immediate && !unit.state.pin)) return undefined;
  return standing.map(({ unit, state, text }) => ({ config: unit.name, state, text }));
}

function holdOf(world: World, unit: Unit): string | undefined {
  const { stop, pause, time, after } = gatesOf(world, unit, 0);
  return stop ?? pause ?? time ?? after;
}
