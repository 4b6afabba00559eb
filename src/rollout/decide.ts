import type { ConfigHash } from '../model/index.ts';
import { findLedgerEntry } from './judge.ts';
import { currentStep, finalStep, stepAt } from './policy-steps.ts';
import { canAcknowledge, canConfirm, type RolloutAgent } from './rollout-agent.ts';
import { type Offerable, type RolloutCase, runsBytes, type Standing } from './rollout-case.ts';

/** What holds offers now, the same for every agent of the unit; reasons are short and safe to show. */
export interface OfferGates {
  /** An emergency stop: nothing goes out but (b). */
  readonly stop: string | undefined;
  /** `paused: true` of the manifest; a pause of the rollout is in its state. */
  readonly pause: string | undefined;
  /** From `timeHold`. */
  readonly time: string | undefined;
  /** Why an `after` holds it. */
  readonly after: string | undefined;
  /** Offers of the target that may yet be made before `maxInFlight`, and within what the step may move; from `freeSlots`. */
  readonly slots: number;
  /** Offers of last good that may yet be made before `maxInFlight`: who goes back needs no place in the step. */
  readonly slotsBack: number;
  /** Milliseconds after which an unanswered offer may be made again. */
  readonly retryMs: number;
}

/** Nothing goes out, and why; `forPlace` where it would but for `maxInFlight`. */
export interface RolloutHold {
  readonly kind: 'hold';
  readonly reason: string;
  readonly forPlace?: true;
}

export type RolloutDecision<T extends Offerable> =
  | {
      readonly kind: 'offer';
      readonly as: 'target' | 'last-good' | 'pin';
      readonly bytes: T;
      readonly takesSlot: boolean;
    }
  | RolloutHold
  | { readonly kind: 'none' };

const none = { kind: 'none' } as const;
const waitsForPlace: RolloutHold = {
  kind: 'hold',
  reason: 'waits for its place: maxInFlight',
  forPlace: true,
};
const resendGuardMs = 5_000;

/**
 * What one agent is offered now: the first that holds of (a) the target, (b) last good for an agent that runs nothing
 * of ours, (c) last good for one whose bytes failed; and nothing else (fleet-repo.md, "Offers").
 */
export function decide<T extends Offerable>(
  one: RolloutCase<T>,
  standing: Standing,
  gates: OfferGates,
): RolloutDecision<T> {
  const { agent, state } = one;
  if (!standing.present) return none;
  const forward = state.pin ? offerPinned(one, gates) : offerTarget(one, standing, gates);
  if (forward.kind === 'offer' || forward.kind === 'none') return forward;
  if (runsNothingOfOurs(one)) {
    const bytes = usableLastGood(one);
    if (bytes)
      return again(agent, bytes, gates, one.now)
        ? { kind: 'offer', as: 'last-good', bytes, takesSlot: false }
        : none;
  }
  if (!standing.returns || !one.lastGood) return forward;
  if (gates.stop !== undefined) return hold(gates.stop);
  if (!again(agent, one.lastGood, gates, one.now)) return none;
  // Whoever is in flight forward has a place already, and goes back in it.
  const takesSlot = agent.offered?.hash !== one.lastGood.hash && !isFlying(standing);
  if (takesSlot && gates.slotsBack <= 0) return { ...hold('waits to go back: maxInFlight'), forPlace: true };
  return { kind: 'offer', as: 'last-good', bytes: one.lastGood, takesSlot };
}

function isFlying({ judgement }: Standing): boolean {
  return judgement.kind === 'in-flight' || judgement.kind === 'soaking';
}

/** Kind (a); a hold where another kind may still apply, none where the agent runs or is taking the target. */
function offerTarget<T extends Offerable>(
  one: RolloutCase<T>,
  standing: Standing,
  gates: OfferGates,
): RolloutDecision<T> {
  const { agent, target, state, policy } = one;
  const { judgement } = standing;
  if (judgement.kind === 'failed') return hold(`failed: ${judgement.reason}`);
  const wentWrong = state.phase === 'rolled-back' || state.phase === 'aborted';
  if (wentWrong) return hold(`${state.phase}: ${state.reason ?? ''}`);
  if (target && runsBytes(agent, target) && !isForgiven(one)) return none;
  if (target && isTaking(agent, target) && !again(agent, target, gates, one.now)) return none;
  if (one.ownHold !== undefined) return hold(one.ownHold);
  if (gates.stop !== undefined) return hold(gates.stop);
  if (state.phase === 'failed' && !policy.immediate) return hold(`failed: ${state.reason ?? ''}`);
  if (state.pause) return hold(`paused: ${state.pause.reason}`);
  const gate = gates.pause ?? gates.time ?? gates.after ?? blockedText(one);
  if (gate !== undefined) return hold(gate);
  if (standing.turn === undefined) return hold(turnText(one));
  if (!target) return hold('its config is not rendered yet');
  const takesSlot = !isFlying(standing) && canConfirm(agent);
  if (takesSlot && gates.slots <= 0) return waitsForPlace;
  return again(agent, target, gates, one.now)
    ? { kind: 'offer', as: 'target', bytes: target, takesSlot }
    : none;
}

function offerPinned<T extends Offerable>(one: RolloutCase<T>, gates: OfferGates): RolloutDecision<T> {
  const { agent, pinned, state } = one;
  if (pinned && runsBytes(agent, pinned)) return none;
  if (!pinned) return hold(`pinned to ${state.pin?.to ?? ''}, which does not assign it`);
  if (isTaking(agent, pinned) && !again(agent, pinned, gates, one.now)) return none;
  if (gates.stop !== undefined) return hold(gates.stop);
  if (findLedgerEntry(agent, pinned.hash, state.pin?.at ?? 0)) return hold('failed the pinned config');
  const takesSlot = agent.offered?.hash !== pinned.hash && canConfirm(agent);
  if (takesSlot && gates.slots <= 0) return waitsForPlace;
  return again(agent, pinned, gates, one.now) ? { kind: 'offer', as: 'pin', bytes: pinned, takesSlot } : none;
}

/** Kind (b): it reports no hash of ours; without acknowledgements: it was never offered one. */
function runsNothingOfOurs<T extends Offerable>({
  agent,
  reportsOurs,
  target,
  now,
}: RolloutCase<T>): boolean {
  if (!canAcknowledge(agent)) return agent.offered === undefined;
  if (reportsOurs) return false;
  // What is on its way to it is not taken back by a gate that closed meanwhile.
  return !(target && isTaking(agent, target) && now >= (agent.offered?.at ?? now));
}

function usableLastGood<T extends Offerable>({
  lastGood,
  lastGoodAssigns,
  agent,
  state,
}: RolloutCase<T>): T | undefined {
  if (!lastGood || !lastGoodAssigns) return undefined;
  return findLedgerEntry(agent, lastGood.hash, state.ledgerFrom) ? undefined : lastGood;
}

/** Whether the bytes are on the agent's wire and it has not said otherwise. */
function isTaking(agent: RolloutAgent, { hash }: Offerable): boolean {
  const { offered } = agent;
  return offered?.hash === hash && offered.connection === agent.connection && !offered.denied;
}

/** A retry offers the hash once more to an agent whose last word on it is an old FAILED. */
function isForgiven<T extends Offerable>({ agent, state }: RolloutCase<T>): boolean {
  return agent.remoteConfigStatus?.state === 'failed' && (agent.statusHashAt ?? 0) < state.ledgerFrom;
}

/** Whether a hash may be sent (again): not right after it was, on one connection only after a denial or the retry time. */
function again(
  agent: RolloutAgent,
  bytes: { readonly hash: ConfigHash },
  gates: OfferGates,
  now: number,
): boolean {
  const { offered } = agent;
  if (!offered || offered.hash !== bytes.hash) return true;
  const age = now - offered.at;
  if (age >= 0 && age < resendGuardMs) return false;
  if (offered.connection !== agent.connection || offered.denied) return true;
  return canAcknowledge(agent) && age >= gates.retryMs;
}

function blockedText<T extends Offerable>({ state }: RolloutCase<T>): string | undefined {
  return state.phase === 'blocked' ? (state.reason ?? 'blocked') : undefined;
}

function turnText<T extends Offerable>({ state, policy }: RolloutCase<T>): string {
  if (state.step < 0) return 'held: no step has begun';
  const step = currentStep(state, policy);
  return `held: step ${stepAt(policy, step).name}, ${step + 1} of ${finalStep(policy) + 1}`;
}

function hold(reason: string): RolloutHold {
  return { kind: 'hold', reason };
}
