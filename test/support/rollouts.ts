import {
  type AgentState,
  commitSha,
  type RolloutPolicy,
  type RolloutState,
  type UnitCounters,
} from '../../src/model/index.ts';
import {
  type Advanced,
  type AdvanceInputs,
  advance,
  decide,
  defaultRollout,
  emptyCounters,
  findStanding,
  type OfferGates,
  type RolloutCase,
  startRollout,
} from '../../src/rollout/index.ts';
import { agentOf, hashOf } from './agents.ts';

export const minute = 60_000;
export const startedAt = 1_000 * minute;

/** A target named by one character, as `hashOf` names hashes. */
export function targetOf(key: string) {
  return { key, source: commitSha(key.repeat(40)) };
}

/** The built-in policy, but for what is given. */
export function policyOf(over: Partial<RolloutPolicy> = {}): RolloutPolicy {
  return { ...defaultRollout, ...over };
}

/** A rollout from last good `a` to `b`, at its first step, with everybody in it, but for what is given. */
export function stateOf(over: Partial<RolloutState> = {}): RolloutState {
  const begun = startRollout('acme/edge', targetOf('b'), defaultRollout, startedAt, {
    lastGood: targetOf('a'),
  });
  return { ...begun, step: 0, thresholds: [Number.MAX_SAFE_INTEGER], ...over };
}

/** An agent that runs last good `a` before the rollout to `b`. */
export function caseOf(
  agent: Partial<AgentState> = {},
  over: Partial<RolloutCase<{ hash: ReturnType<typeof hashOf> }>> = {},
): RolloutCase<{ hash: ReturnType<typeof hashOf> }> {
  const runsLastGood = { hash: hashOf('a'), state: 'applied', errorMessage: '' } as const;
  return {
    agent: agentOf({ remoteConfigStatus: runsLastGood, statusHashAt: 0, appliedAt: 0, ...agent }),
    order: 0,
    state: stateOf(),
    policy: defaultRollout,
    target: { hash: hashOf('b') },
    lastGoodAssigns: true,
    lastGood: { hash: hashOf('a') },
    ownHold: undefined,
    reportsOurs: true,
    reportGraceMs: minute,
    now: startedAt + minute,
    ...over,
  };
}

/** Gates that hold nothing. */
export const openGates: OfferGates = {
  stop: undefined,
  pause: undefined,
  time: undefined,
  after: undefined,
  slots: 1,
  slotsBack: 1,
  retryMs: 10 * minute,
};

/** What is decided, as a short text. */
export function decisionOf(
  one: RolloutCase<{ hash: ReturnType<typeof hashOf> }>,
  gates: Partial<OfferGates> = {},
): string {
  const decision = decide(one, findStanding(one), { ...openGates, ...gates });
  switch (decision.kind) {
    case 'offer':
      return `offer ${decision.as}`;
    case 'hold':
      return decision.reason;
    case 'none':
      return 'none';
  }
}

/** Advances a state under counters of its own version; nothing else moves it unless given. */
export function advanceWith(
  state: RolloutState,
  counters: Partial<UnitCounters>,
  over: { policy?: RolloutPolicy; now?: number; inputs?: Partial<AdvanceInputs> } = {},
): Advanced {
  const inputs: AdvanceInputs = {
    gate: { windows: [], freezes: [] },
    isHeld: false,
    after: { kind: 'passed' },
    approved: new Set(),
    starting: false,
    ...over.inputs,
  };
  const all = { ...emptyCounters(state.version), ...counters };
  return advance(state, all, over.policy ?? defaultRollout, over.now ?? startedAt + minute, inputs);
}
