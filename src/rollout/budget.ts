import type { RolloutPolicy, RolloutState } from '../model/index.ts';
import { currentStep } from './policy-steps.ts';
import type { PlainCounts } from './unit-counters.ts';

const defaultPercent = 2;
const lostPercent = 10;

/** How many agents may fail at the step under way: none in the first; later `maxFailed` or a share, whichever is less. */
export function allowedFailures(state: RolloutState, policy: RolloutPolicy, counters: PlainCounts): number {
  if (currentStep(state, policy) <= 0) return 0;
  const { maxFailed, maxFailedPercent } = policy.failure;
  if (maxFailed !== undefined && maxFailedPercent === undefined) return maxFailed;
  const percent = maxFailedPercent ?? defaultPercent;
  // A share of a small fleet is less than one agent: one may fail, unless none was asked for.
  const share = percent === 0 ? 0 : Math.max(1, Math.floor((counters.inStep * percent) / 100));
  return Math.min(share, maxFailed ?? share);
}

/** Failed agents that count: those that were lost only where they are more than a tenth of the step. */
export function countedFailures(state: RolloutState, counters: PlainCounts): number {
  const lost = counters.lost * 100 > counters.inStep * lostPercent ? counters.lost : 0;
  return Math.max(0, counters.failed + lost - state.forgiven);
}

/** Why the rollout has failed, if it has; safe to publish. */
export function brokenBudget(
  state: RolloutState,
  policy: RolloutPolicy,
  counters: PlainCounts,
): string | undefined {
  const failed = countedFailures(state, counters);
  if (failed === 0) return undefined;
  if (counters.failedFirstAdoption > 0) return `${failed} failed, with no last good to go back to`;
  const allowed = allowedFailures(state, policy, counters);
  if (failed <= allowed) return undefined;
  return allowed === 0 ? `${failed} failed` : `${failed} failed, ${allowed} allowed`;
}
