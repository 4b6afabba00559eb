import type { RosterEntry } from '../../fleet/index.ts';
import type { StepCounts } from '../../model/index.ts';
import { canConfirm, currentStep, finalStep, turnOf } from '../../rollout/index.ts';
import { placeOf } from '../rollouts/roll-case.ts';
import type { Unit } from '../rollouts/rollout-book.ts';
import { agentsOf } from '../rollouts/unit-agents.ts';
import type { World } from '../world.ts';

type Counts = { -readonly [Name in keyof StepCounts]: number };

/** A rollout's agents by the step that they came with; who is in none yet counts for the last. */
export function countSteps(world: World, unit: Unit): readonly StepCounts[] {
  const { policy } = unit;
  const steps = Array.from({ length: finalStep(policy) + 1 }, emptyCounts);
  for (const entry of agentsOf(world, unit)) {
    const counts = steps[stepOf(world, unit, entry) ?? finalStep(policy)];
    if (counts) countAgent(counts, entry, unit.kind === 'package');
  }
  return steps;
}

/**
 * The step that was under way when the agent was offered the target. A step closes behind the agents that it moved, so
 * that its threshold alone does not tell; undefined while the agent's turn has not come.
 */
function stepOf(
  { progress }: World,
  unit: Unit,
  { agent, rollout, packages }: RosterEntry,
): number | undefined {
  const { state, policy, id, kind } = unit;
  const current = Math.max(0, currentStep(state, policy));
  const firstAt = kind === 'config' ? agent.offered?.firstAt : undefined;
  if (firstAt !== undefined && firstAt >= state.startedAt) {
    if (firstAt >= state.stepEnteredAt) return current;
    const seen = progress.of(id, state.startedAt).findLast(({ at }) => at <= firstAt)?.step;
    if (seen !== undefined && seen >= 0) return Math.min(seen, current);
  }
  const facts = { order: placeOf(unit, agent), labels: agent.labels, canConfirm: canConfirm(agent) };
  const { counts } = (kind === 'config' ? rollout : packages)?.contribution ?? { counts: [] };
  return turnOf(state, policy, facts) ?? (counts.includes('inStep') ? current : undefined);
}

function emptyCounts(): Counts {
  return { agents: 0, settled: 0, inFlight: 0, failed: 0, held: 0, notConnected: 0 };
}

function countAgent(counts: Counts, { facts, packages }: RosterEntry, ofPackage: boolean): void {
  counts.agents += 1;
  const { delivery, settled } = ofPackage && packages ? packages : facts;
  if (!facts.connected) counts.notConnected += 1;
  else if (delivery === 'failed') counts.failed += 1;
  else if (delivery === 'held') counts.held += 1;
  else if (delivery === 'applied' && settled) counts.settled += 1;
  else if (delivery === 'offered' || delivery === 'applying' || delivery === 'applied') counts.inFlight += 1;
}
