import type { Labels, RolloutPolicy, RolloutState, RolloutStep } from '../model/index.ts';
import { matchSelector } from '../selectors/index.ts';

/** A step as the engine walks it: the policy's own, or the one for all that follows them. */
export type WalkedStep = Omit<RolloutStep, 'scope'> & {
  readonly scope: RolloutStep['scope'] | { readonly kind: 'all' };
};

/** The step at `index`; past the policy's own it is "all". */
export function stepAt(policy: RolloutPolicy, index: number): WalkedStep {
  const own = policy.steps[index];
  return own ?? { name: 'all', scope: { kind: 'all' }, soakMs: policy.soakAllMs, approval: false };
}

/** Index of the step for all. */
export function finalStep(policy: RolloutPolicy): number {
  return policy.steps.length;
}

/** The step under way; a policy that has fewer steps than when the rollout began is at its last. */
export function currentStep(state: RolloutState, policy: RolloutPolicy): number {
  return Math.min(state.step, finalStep(policy));
}

/** What decides whose turn it is. */
export interface TurnFacts {
  readonly order: number;
  readonly labels: Labels;
  /** Whether it can acknowledge, or report an effective config: others come with "all" only. */
  readonly canConfirm: boolean;
}

/**
 * The first step that the agent is in, of those entered so far; undefined while its turn has not come. Monotonic:
 * whoever is in a step is in every later one (fleet-repo.md, "Order").
 */
export function turnOf(state: RolloutState, policy: RolloutPolicy, agent: TurnFacts): number | undefined {
  const last = finalStep(policy);
  const entered = currentStep(state, policy);
  if (agent.canConfirm)
    for (let index = 0; index <= entered && index < last; index += 1)
      if (isPicked(state, policy, index, agent)) return index;
  return entered >= last ? last : undefined;
}

/** Whether the step itself picks the agent, whatever the steps before it did. */
export function isPicked(
  state: RolloutState,
  policy: RolloutPolicy,
  index: number,
  agent: TurnFacts,
): boolean {
  const { scope } = stepAt(policy, index);
  switch (scope.kind) {
    case 'all':
      return true;
    case 'selector':
      return matchSelector(scope.selector, agent.labels);
    case 'count':
    case 'percent':
      return agent.order <= (state.thresholds[index] ?? -1);
  }
}
