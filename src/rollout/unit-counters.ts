import {
  agentCapability,
  unitCountBit as bit,
  type UnitContribution,
  type UnitCounters,
  type UnitCountName,
  type UnitCountSet,
} from '../model/index.ts';
import { currentStep, isPicked, stepAt } from './policy-steps.ts';
import { canConfirm, isGone, type RolloutAgent } from './rollout-agent.ts';
import { type Offerable, type RolloutCase, runsBytes, type Standing } from './rollout-case.ts';

/** How many of the lowest orders are published: steps by count are exact up to here. */
export const lowestKept = 128;

/** The counters without what steps by count need: nothing has to be looked for to tell them. */
export type PlainCounts = Pick<UnitCounters, UnitCountName>;

/** An agent's part in the counts, from where it stands. */
export function contributionOf<T extends Offerable>(
  one: RolloutCase<T>,
  standing: Standing,
): UnitContribution {
  const { agent } = one;
  const { judgement, present, moved, turn } = standing;
  const confirms = canConfirm(agent);
  const isHeld = one.ownHold !== undefined && judgement.kind === 'not-offered';
  let counts: UnitCountSet = bit.matched;
  if (present) counts |= bit.connected;
  if (confirms && !isGone(agent)) counts |= bit.confirmable;
  if (!confirms && present) counts |= bit.cannotConfirm;
  if (isHeld && present) counts |= bit.held;
  if ((turn !== undefined && present) || moved) counts |= stepCounts(one, standing, isHeld);
  if (isOwnPick(one) && present) counts |= bit.inOwnStep;
  if (present && isReturning(one, standing)) counts |= bit.returning;
  if (isInFlight(one, standing)) counts |= bit.inFlight;
  if (moved) counts |= bit.moved;
  if (judgement.kind === 'settled') counts |= bit.settledWell | bit.applied;
  if (judgement.kind === 'soaking') counts |= bit.applied;
  const isCandidate = present && confirms && !isHeld && !moved && judgement.kind === 'not-offered';
  if (!isCandidate) return { counts };
  counts |= bit.candidates;
  return { counts, candidate: { order: one.order, healthy: isHealthy(agent) } };
}

function stepCounts<T extends Offerable>(
  one: RolloutCase<T>,
  { judgement }: Standing,
  isHeld: boolean,
): UnitCountSet {
  switch (judgement.kind) {
    case 'failed':
      return bit.inStep | bit.failed | (one.lastGoodAssigns ? 0 : bit.failedFirstAdoption);
    case 'lost':
      return bit.inStep | bit.lost;
    case 'soaking':
    case 'in-flight':
      return bit.inStep | bit.unsettled;
    case 'not-offered':
      return bit.inStep | (isHeld || !canConfirm(one.agent) ? 0 : bit.unsettled);
    case 'settled':
    case 'cannot-confirm':
      return bit.inStep;
  }
}

/** On its way to the target, or back to last good; an answer that is overdue counts no more. */
function isInFlight<T extends Offerable>(one: RolloutCase<T>, { judgement, returns }: Standing): boolean {
  const { agent, lastGood } = one;
  if (isGone(agent) || !canConfirm(agent)) return false;
  if (one.state.pin) return one.pinned !== undefined && isTakingInTime(one, one.pinned);
  if (agent.offered && agent.offered.hash === lastGood?.hash && returns) return !isOverdueBack(one);
  return judgement.kind === 'in-flight' || judgement.kind === 'soaking';
}

/** Has yet to go back, to last good or to what a pin asks for. */
function isReturning<T extends Offerable>(one: RolloutCase<T>, { returns }: Standing): boolean {
  const { state, pinned, agent } = one;
  if (!state.pin) return returns && !isOverdueBack(one);
  if (!pinned || runsBytes(agent, pinned) || !canConfirm(agent)) return false;
  return agent.offered?.hash !== pinned.hash || isInTime(one);
}

/** Offered last good, and not heard of it in time: nobody waits for it any more. */
function isOverdueBack<T extends Offerable>(one: RolloutCase<T>): boolean {
  const { agent, lastGood } = one;
  if (lastGood === undefined || agent.offered?.hash !== lastGood.hash) return false;
  return !isInTime(one);
}

function isTakingInTime<T extends Offerable>(one: RolloutCase<T>, bytes: T): boolean {
  return one.agent.offered?.hash === bytes.hash && !runsBytes(one.agent, bytes) && isInTime(one);
}

function isInTime<T extends Offerable>(one: RolloutCase<T>): boolean {
  const { agent, policy, now, reportGraceMs, listeningSince } = one;
  if (!agent.offered) return false;
  const { firstAt } = agent.offered;
  const limit = policy.failure.healthTimeoutMs + reportGraceMs;
  return now - Math.max(firstAt, listeningSince ?? firstAt) < limit;
}

function isOwnPick<T extends Offerable>(one: RolloutCase<T>): boolean {
  const { state, policy, agent } = one;
  const index = currentStep(state, policy);
  if (index < 0 || stepAt(policy, index).scope.kind !== 'selector' || !canConfirm(agent)) return false;
  return isPicked(state, policy, index, { order: one.order, labels: agent.labels, canConfirm: true });
}

function isHealthy(agent: RolloutAgent): boolean {
  return (agent.capabilities & agentCapability.reportsHealth) === 0 || agent.health?.healthy === true;
}

/** Counters in which nobody is counted. */
export function emptyCounters(version: number): UnitCounters {
  return {
    version,
    matched: 0,
    connected: 0,
    confirmable: 0,
    inStep: 0,
    inOwnStep: 0,
    unsettled: 0,
    inFlight: 0,
    moved: 0,
    applied: 0,
    settledWell: 0,
    failed: 0,
    failedFirstAdoption: 0,
    lost: 0,
    held: 0,
    cannotConfirm: 0,
    returning: 0,
    candidates: 0,
    lowest: [],
  };
}
