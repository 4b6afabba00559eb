import type { RosterEntry } from '../../fleet/index.ts';
import { type StepCounts, type StepStanding, unitCountBit } from '../../model/index.ts';
import { canConfirm, currentStep, finalStep, turnOf } from '../../rollout/index.ts';
import { placeOf } from '../rollouts/roll-case.ts';
import type { Unit } from '../rollouts/rollout-book.ts';
import { agentsOf, isPartOf } from '../rollouts/unit-agents.ts';
import type { World } from '../world.ts';
import { visitInSlices } from './visit-in-slices.ts';

type Counts = { -readonly [Name in keyof StepCounts]: number };

/** What a look at each agent of a rollout came to. */
export interface StepSurvey {
  /** By the step that agents came with; who is in none yet counts for the last. */
  readonly steps: readonly StepCounts[];
  /** Those that count as failed, at most as many as were asked for. */
  readonly failed: readonly RosterEntry[];
}

/** Counts a rollout's agents in their steps, and gathers the first that failed. */
export async function surveySteps(
  world: World,
  breathe: () => Promise<void>,
  unit: Unit,
  maxFailed: number,
): Promise<StepSurvey> {
  const steps = Array.from({ length: finalStep(unit.policy) + 1 }, emptyCounts);
  const failed: RosterEntry[] = [];
  await visitInSlices(agentsOf(world, unit), breathe, (entry) => {
    const counts = isPartOf(unit, entry) ? steps[countedStepOf(world, unit, entry)] : undefined;
    if (!counts) return;
    const standing = standingInStep(unit, entry);
    counts.agents += 1;
    if (standing) counts[standing] += 1;
    if (standing === 'failed' && failed.length < maxFailed) failed.push(entry);
  });
  return { steps, failed };
}

/** The index of the step that an agent of the rollout is counted in. */
export function countedStepOf(world: World, unit: Unit, entry: RosterEntry): number {
  return stepOf(world, unit, entry) ?? finalStep(unit.policy);
}

/** What an agent counts as in its step; undefined where it only counts as one of its agents. */
export function standingInStep(
  { kind }: Pick<Unit, 'kind'>,
  { facts, packages }: RosterEntry,
): StepStanding | undefined {
  const { delivery, settled } = kind === 'package' && packages ? packages : facts;
  // Whoever crashed on what it was given is looked for among those that failed.
  if (delivery === 'failed') return 'failed';
  if (!facts.connected) return 'notConnected';
  if (delivery === 'held') return 'held';
  if (delivery === 'applied') return settled ? 'settled' : 'inFlight';
  return delivery === 'offered' || delivery === 'applying' ? 'inFlight' : undefined;
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
  const { counts } = (kind === 'config' ? rollout : packages)?.contribution ?? { counts: 0 };
  return turnOf(state, policy, facts) ?? ((counts & unitCountBit.inStep) !== 0 ? current : undefined);
}

function emptyCounts(): Counts {
  return { agents: 0, settled: 0, inFlight: 0, failed: 0, held: 0, notConnected: 0 };
}
