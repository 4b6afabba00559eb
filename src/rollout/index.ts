export {
  abortRollout,
  approveStep,
  expireActs,
  pauseRollout,
  pinRollout,
  resumeRollout,
  retryRollout,
  unpinRollout,
} from './acts.ts';
export {
  type Advanced,
  type AdvanceInputs,
  type AfterStanding,
  advance,
  type RolloutEvent,
} from './advance.ts';
export { type AfterUnit, afterStandingOf } from './after-standing.ts';
export { allowedFailures, brokenBudget, countedFailures } from './budget.ts';
export { defaultRollout, immediateRollout } from './built-in-policies.ts';
export { decide, type OfferGates, type RolloutDecision } from './decide.ts';
export { describeRollout, type NamedFailure, type RolloutDescription } from './describe-rollout.ts';
export { findEvidence } from './find-evidence.ts';
export * from './guard.ts';
export { computeCapacity, freeSlots } from './in-flight-slots.ts';
export { findLedgerEntry, type Judgement, type JudgeRules, judge } from './judge.ts';
export { orderOf, orderSpace } from './order.ts';
export { asPackageAgent, endPackageFailures, recordPackageStatuses } from './package-agent.ts';
export { currentStep, finalStep, stepAt, turnOf, type WalkedStep } from './policy-steps.ts';
export { recordJudgement, recordOffer } from './record.ts';
export { canAccept, canAcknowledge, canConfirm, type RolloutAgent } from './rollout-agent.ts';
export { findStanding, type Offerable, type RolloutCase, runsBytes, type Standing } from './rollout-case.ts';
export { type KnownGood, type NextTarget, startRollout, supersede } from './start.ts';
export { nextChange, openTime, type TimeGate, timeGateOf, timeHold } from './time-gate.ts';
export {
  contributionOf,
  emptyCounters,
  type PlainCounts,
} from './unit-counters.ts';
export { createUnitTally, type UnitTally } from './unit-tally.ts';
