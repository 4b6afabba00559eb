import type { RolloutPolicy, RolloutState, UnitCounters } from '../model/index.ts';
import { expireActs } from './acts.ts';
import { brokenBudget } from './budget.ts';
import { runClock, spentTime } from './deadline.ts';
import { currentStep, finalStep, stepAt } from './policy-steps.ts';
import { computeThreshold } from './threshold.ts';
import { nextChange, type TimeGate, timeHold } from './time-gate.ts';

/** What moves a rollout besides its agents. */
export interface AdvanceInputs {
  readonly gate: TimeGate;
  /** Whether an emergency stop or `paused: true` holds offers. */
  readonly isHeld: boolean;
  /** How the units that it comes `after` stand, the worst of them. */
  readonly after: AfterStanding;
  /** Names of steps that commits approve. */
  readonly approved: ReadonlySet<string>;
  /** Whether the process began so recently that agents may still be on their way back. */
  readonly starting: boolean;
}

export type AfterStanding =
  | { readonly kind: 'passed' }
  | { readonly kind: 'running' | 'failed'; readonly unit: string };

/** Something that happened to a rollout, for its history; the text is safe to show. */
export interface RolloutEvent {
  readonly at: number;
  readonly unit: string;
  readonly kind: 'step' | 'passed' | 'failed' | 'rolled-back' | 'blocked' | 'unblocked' | 'act-expired';
  readonly text: string;
}

export interface Advanced {
  /** The same object where nothing changed. */
  readonly state: RolloutState;
  readonly events: readonly RolloutEvent[];
  /** When time alone can next change what holds or ends it; single agents have their own times. */
  readonly wakeAt?: number;
}

interface Move {
  readonly state: RolloutState;
  readonly event?: Omit<RolloutEvent, 'at' | 'unit'>;
}

/**
 * Moves a rollout by at most one step, from counters taken under this version of its state (undefined while they are
 * not complete: then only time and acts move it). The same inputs give the same outcome on every replica
 * (fleet-repo.md, "A step passes", "Rollback").
 */
export function advance(
  before: RolloutState,
  counters: UnitCounters | undefined,
  policy: RolloutPolicy,
  now: number,
  inputs: AdvanceInputs,
): Advanced {
  const events: RolloutEvent[] = [];
  const open = expireActs(before, policy, now);
  if (open !== before)
    events.push({ at: now, unit: open.unit, kind: 'act-expired', text: 'an act has expired' });
  const unblocked = follow(open, inputs.after);
  const runs =
    isRunning(unblocked.state) && !unblocked.state.pause && !inputs.isHeld && inputs.after.kind === 'passed';
  const timed = runClock(unblocked.state, policy, inputs.gate, runs, now);
  const isCurrent = counters?.version === timed.version;
  const move = isRunning(timed)
    ? step(timed, isCurrent ? counters : undefined, policy, now, inputs)
    : { state: timed };
  for (const { event } of [unblocked, move]) if (event) events.push({ at: now, unit: timed.unit, ...event });
  const wakeAt = nextWake(move.state, policy, now, inputs);
  return { state: move.state, events, ...(wakeAt !== undefined && { wakeAt }) };
}

function isRunning(state: RolloutState): boolean {
  return state.phase === 'running' && !state.pin;
}

/** A failed `after` blocks; once it has passed, the rollout goes on where it was. */
function follow(state: RolloutState, after: AfterStanding): Move {
  if (state.phase === 'running' && after.kind === 'failed') {
    const reason = `waits for ${after.unit}, which failed (after)`;
    return { state: { ...state, phase: 'blocked', reason }, event: { kind: 'blocked', text: reason } };
  }
  if (state.phase !== 'blocked' || after.kind === 'failed') return { state };
  const { reason: _, ...rest } = state;
  return { state: { ...rest, phase: 'running' }, event: { kind: 'unblocked', text: 'goes on' } };
}

function step(
  state: RolloutState,
  counters: UnitCounters | undefined,
  policy: RolloutPolicy,
  now: number,
  inputs: AdvanceInputs,
): Move {
  const broken = counters && brokenBudget(state, policy, counters);
  if (broken !== undefined) return fail(state, policy, now, broken);
  const { deadlineMs } = policy;
  if (deadlineMs !== undefined && spentTime(state, inputs.gate, now) >= deadlineMs)
    return stopAt(state, now, 'its deadline has passed');
  if (!counters) return { state };
  const seen = counters.settledWell > 0 && !state.settledOnce ? { ...state, settledOnce: true } : state;
  if (isUnconfirmable(counters, inputs)) return pass(seen, policy, now, true);
  if (seen.step < 0) return enter(seen, counters, policy, now, inputs);
  if (!isStepDone(seen, counters, policy, inputs)) return { state: chooseAgain(seen, counters, policy) };
  if (seen.step >= finalStep(policy)) return pass(seen, policy, now, false);
  return enter(seen, counters, policy, now, inputs);
}

/** Where no agent can ever confirm there is nothing to wait for. */
function isUnconfirmable(counters: UnitCounters, { starting }: AdvanceInputs): boolean {
  return counters.connected > 0 && counters.confirmable === 0 && !starting;
}

function isStepDone(
  state: RolloutState,
  counters: UnitCounters,
  policy: RolloutPolicy,
  { starting }: AdvanceInputs,
): boolean {
  if (!state.settledOnce || counters.unsettled > 0) return false;
  if (starting && counters.connected < counters.matched) return false;
  // Passing makes the target last good: whoever failed goes back to the one before first.
  if (counters.returning > 0) return false;
  const { scope } = stepAt(policy, currentStep(state, policy));
  return scope.kind !== 'selector' || counters.inOwnStep > 0;
}

/** Goes on to the next step, unless it waits for an approval, an `after`, or its first agent. */
function enter(
  state: RolloutState,
  counters: UnitCounters,
  policy: RolloutPolicy,
  now: number,
  inputs: AdvanceInputs,
): Move {
  const next = state.step + 1;
  const { name, approval } = stepAt(policy, next);
  const isHeld = approval && !state.approved.includes(name) && !inputs.approved.has(name);
  const isEarly =
    state.step < 0 &&
    (counters.connected === 0 || (inputs.starting && counters.connected < counters.matched));
  if (isHeld || isEarly || inputs.after.kind !== 'passed') return { state };
  const { stepLimit: _, ...rest } = state;
  const { threshold, limit } = computeThreshold(state, policy, next, counters);
  return {
    state: {
      ...rest,
      version: state.version + 1,
      step: next,
      stepEnteredAt: now,
      thresholds: [...state.thresholds.slice(0, next), threshold],
      ...(limit !== undefined && { stepLimit: limit }),
    },
    event: { kind: 'step', text: `step ${name}, ${next + 1} of ${finalStep(policy) + 1}` },
  };
}

/** A step by count or percent follows who is connected until it has moved its agents. */
function chooseAgain(state: RolloutState, counters: UnitCounters, policy: RolloutPolicy): RolloutState {
  const step = currentStep(state, policy);
  const { threshold, limit } = computeThreshold(state, policy, step, counters);
  const known = state.thresholds[step] ?? null;
  const isCovered = counters.unsettled > 0 || state.settledOnce;
  const isSame = threshold === known && limit === state.stepLimit;
  if (isSame || threshold === null || state.direct) return state;
  // Once chosen, agents drop out only for lower ones, and others come in only where nobody is left.
  if (threshold > (known ?? -1) && isCovered) return state;
  const { stepLimit: _, ...rest } = state;
  return {
    ...rest,
    version: state.version + 1,
    thresholds: [...state.thresholds.slice(0, step), threshold],
    ...(limit !== undefined && { stepLimit: limit }),
  };
}

function pass(state: RolloutState, policy: RolloutPolicy, now: number, unconfirmed: boolean): Move {
  const { stepLimit: _, ...rest } = state;
  const previousGood = state.lastGood?.key === state.target.key ? state.previousGood : state.lastGood;
  return {
    state: {
      ...rest,
      ...(previousGood && { previousGood }),
      lastGood: state.target,
      phase: 'passed',
      version: state.version + 1,
      step: finalStep(policy),
      unconfirmed,
      endedAt: now,
    },
    event: { kind: 'passed', text: unconfirmed ? 'passed, though no agent can confirm it' : 'passed' },
  };
}

function fail(state: RolloutState, policy: RolloutPolicy, now: number, reason: string): Move {
  const hasWayBack = state.lastGood !== undefined && state.lastGood.key !== state.target.key;
  if (policy.failure.action !== 'rollback' || !hasWayBack) return stopAt(state, now, reason);
  return {
    state: { ...state, phase: 'rolled-back', version: state.version + 1, reason, endedAt: now },
    event: { kind: 'rolled-back', text: reason },
  };
}

function stopAt(state: RolloutState, now: number, reason: string): Move {
  return {
    state: { ...state, phase: 'failed', version: state.version + 1, reason, endedAt: now },
    event: { kind: 'failed', text: reason },
  };
}

function nextWake(
  state: RolloutState,
  policy: RolloutPolicy,
  now: number,
  { gate }: AdvanceInputs,
): number | undefined {
  const times = [state.pin?.until, state.pause?.until, state.abort?.until];
  if (isRunning(state)) {
    times.push(nextChange(gate, now));
    if (
      policy.deadlineMs !== undefined &&
      state.clock.since !== undefined &&
      timeHold(gate, now) === undefined
    )
      times.push(now + Math.max(0, policy.deadlineMs - spentTime(state, gate, now)));
  }
  const known = times.filter((at) => at !== undefined && at > now) as number[];
  return known.length === 0 ? undefined : Math.min(...known);
}
