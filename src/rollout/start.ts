import type { RolloutPolicy, RolloutState, RolloutTarget } from '../model/index.ts';
import { finalStep } from './policy-steps.ts';

/** What was good before Muster knew this unit's rollout: from the store, where it kept anything. */
export interface KnownGood {
  readonly lastGood?: RolloutTarget;
  readonly previousGood?: RolloutTarget;
}

/** The first rollout of a unit. Without last good every agent of it is a first adoption: no way back. */
export function startRollout(
  unit: string,
  target: RolloutTarget,
  policy: RolloutPolicy,
  now: number,
  known: KnownGood = {},
): RolloutState {
  const direct = policy.immediate || isKnownGood(known, target);
  return {
    ...(known.lastGood && { lastGood: known.lastGood }),
    ...(known.previousGood && { previousGood: known.previousGood }),
    ...beginning(policy, direct, now),
    unit,
    version: 1,
    target,
    ledgerFrom: now,
  };
}

/** What a commit asks of a unit. */
export interface NextTarget {
  readonly target: RolloutTarget;
  /** Whether the commit gives the unit agents that it did not have. */
  readonly gainsAgents: boolean;
}

/**
 * Takes up a commit: one that leaves target and assignment as they are changes nothing, another supersedes at the
 * first step, and one whose result is last good or the one before it goes out at once. A failed target is not
 * begun again for agents that it gains. Ends pauses, aborts and pins.
 */
export function supersede(
  state: RolloutState,
  next: NextTarget,
  policy: RolloutPolicy,
  now: number,
): RolloutState {
  const isSame = next.target.key === state.target.key;
  const isOpen = state.phase === 'running' || state.phase === 'blocked' || state.phase === 'passed';
  if (isSame && (!next.gainsAgents || !isOpen)) return state;
  const direct = policy.immediate || (!next.gainsAgents && isKnownGood(state, next.target));
  return {
    ...knownGood(state),
    ...beginning(policy, direct, now),
    unit: state.unit,
    version: state.version + 1,
    target: next.target,
    ledgerFrom: isSame ? state.ledgerFrom : now,
  };
}

/** Begins the rollout of the same target anew, at its first step; what failed before `ledgerFrom` is forgotten. */
export function restart(
  state: RolloutState,
  policy: RolloutPolicy,
  now: number,
  ledgerFrom: number,
): RolloutState {
  const direct = policy.immediate || isKnownGood(state, state.target);
  return {
    ...knownGood(state),
    ...beginning(policy, direct, now),
    unit: state.unit,
    version: state.version + 1,
    target: state.target,
    approved: state.approved,
    ledgerFrom,
  };
}

function beginning(policy: RolloutPolicy, direct: boolean, now: number) {
  const last = finalStep(policy);
  return {
    phase: 'running',
    direct,
    step: direct ? last : -1,
    stepEnteredAt: now,
    thresholds: direct ? policy.steps.map(() => null) : [],
    startedAt: now,
    settledOnce: false,
    forgiven: 0,
    approved: [],
    clock: { spentMs: 0 },
    unconfirmed: false,
  } as const satisfies Partial<RolloutState>;
}

function isKnownGood({ lastGood, previousGood }: KnownGood, { key }: RolloutTarget): boolean {
  return key === lastGood?.key || key === previousGood?.key;
}

function knownGood({ lastGood, previousGood }: KnownGood): KnownGood {
  return { ...(lastGood && { lastGood }), ...(previousGood && { previousGood }) };
}
