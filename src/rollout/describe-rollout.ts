import type { RolloutPolicy, RolloutState, StatusState } from '../model/index.ts';
import { countedFailures } from './budget.ts';
import { currentStep, finalStep, stepAt } from './policy-steps.ts';
import type { PlainCounts } from './unit-counters.ts';

/** One failed agent, to be named; both members are safe to publish. */
export interface NamedFailure {
  readonly host: string;
  readonly reason: string;
}

export interface RolloutDescription {
  readonly state: StatusState;
  /** At most 100 characters. */
  readonly text: string;
}

const maxText = 100;

/** What a commit status says of one rollout (contract.md, "What is written back"); `hold` is what holds offers now. */
export function describeRollout(
  state: RolloutState,
  policy: RolloutPolicy,
  counters: PlainCounts,
  about: { readonly hold?: string | undefined; readonly worst?: NamedFailure | undefined } = {},
): RolloutDescription {
  const { state: status, text } = describe(state, policy, counters, about);
  return { state: status, text: text.length <= maxText ? text : `${text.slice(0, maxText - 3)}...` };
}

function describe(
  state: RolloutState,
  policy: RolloutPolicy,
  counters: PlainCounts,
  { hold, worst }: { readonly hold?: string | undefined; readonly worst?: NamedFailure | undefined },
): RolloutDescription {
  const named = worst ? `: ${worst.host} ${worst.reason}` : '';
  if (state.pin)
    return pending(`pinned to ${state.pin.to} ${short(state.pin.target.source)}: ${state.pin.reason}`);
  switch (state.phase) {
    case 'running':
      return describeRunning(state, policy, counters, hold);
    case 'passed':
      return describePassed(state, counters);
    case 'blocked':
      return failure(state.reason ?? 'blocked');
    case 'failed':
      return failure(
        `${state.reason ?? 'failed'}, ${policy.immediate ? 'nothing rolled back' : 'paused'}${named}`,
      );
    case 'rolled-back':
      return failure(`${failedText(state, counters)}, ${backText(state, counters)}${named}`);
    case 'aborted':
      return failure(`aborted, ${backText(state, counters)}: ${state.reason ?? ''}`);
  }
}

function describeRunning(
  state: RolloutState,
  policy: RolloutPolicy,
  counters: PlainCounts,
  hold: string | undefined,
): RolloutDescription {
  const { matched, connected, applied } = counters;
  if (matched === 0) return { state: 'success', text: 'no agents match' };
  if (state.pause) return pending(`paused: ${applied}/${matched} applied: ${state.pause.reason}`);
  if (connected === 0) return pending(`waiting: 0/${matched} connected`);
  const step = currentStep(state, policy);
  const name = state.step < 0 ? 'not begun' : `step ${stepAt(policy, step).name}`;
  const waits = hold ?? waitsFor(state, policy, counters);
  const progress = `rolling out: ${applied}/${matched} applied, ${name}`;
  return pending(waits === undefined ? progress : `${progress}, ${waits}`);
}

/** What a step without agents on the move waits for; undefined where it is only at work. */
function waitsFor(state: RolloutState, policy: RolloutPolicy, counters: PlainCounts): string | undefined {
  const step = currentStep(state, policy);
  const next = stepAt(policy, state.step + 1);
  if (counters.unsettled > 0) return undefined;
  if (step >= 0 && stepAt(policy, step).scope.kind === 'selector' && counters.inOwnStep === 0)
    return 'waits for an agent that it selects';
  if (state.step < finalStep(policy) && next.approval && !state.approved.includes(next.name))
    return `step ${next.name} waits for approval`;
  if (state.settledOnce) return undefined;
  return counters.held > 0 ? `${counters.held} held` : 'waits for an agent to settle';
}

function describePassed(
  state: RolloutState,
  { applied, matched, cannotConfirm, failed, connected }: PlainCounts,
) {
  if (matched === 0) return { state: 'success', text: 'no agents match' } as const;
  if (state.unconfirmed)
    return { state: 'error', text: `no verdict: ${cannotConfirm} cannot confirm` } as const;
  const parts = [`${applied}/${matched} applied and healthy`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (cannotConfirm > 0) parts.push(`${cannotConfirm} cannot confirm`);
  if (connected < matched) parts.push(`${matched - connected} not connected`);
  return { state: 'success', text: parts.join(', ') } as const;
}

function failedText(state: RolloutState, counters: PlainCounts): string {
  const failed = countedFailures(state, counters);
  return failed > 0 ? `${failed} failed` : (state.reason ?? 'failed');
}

function backText({ lastGood }: RolloutState, { returning }: PlainCounts): string {
  if (!lastGood) return 'nothing to go back to';
  const to = short(lastGood.source);
  // A verdict keeps its words: those said at first must stay true.
  return returning > 0 ? `rolls back to ${to}` : `rolled back to ${to}`;
}

function short(sha: string): string {
  return sha.slice(0, 7);
}

function pending(text: string): RolloutDescription {
  return { state: 'pending', text };
}

function failure(text: string): RolloutDescription {
  return { state: 'failure', text };
}
