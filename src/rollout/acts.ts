import type { RolloutAct, RolloutPin, RolloutPolicy, RolloutState } from '../model/index.ts';
import { restart } from './start.ts';

/** Holds offers of kind (a); agents in flight are judged as ever. */
export function pauseRollout(state: RolloutState, act: RolloutAct): RolloutState {
  return { ...state, pause: act };
}

/** Ends a pause; a rollout that failed and paused goes on, with the `failed` agents of now forgiven and a new deadline. */
export function resumeRollout(state: RolloutState, failed: number, now: number): RolloutState {
  const { pause: _, ...unpaused } = state;
  if (state.phase !== 'failed') return unpaused;
  const { reason: __, endedAt: ___, ...open } = unpaused;
  return {
    ...open,
    phase: 'running',
    version: state.version + 1,
    forgiven: failed,
    stepEnteredAt: now,
    clock: { spentMs: 0 },
  };
}

/** Rolls back what was moved; a rollout that has passed stays as it is (`pin` takes its bytes back). */
export function abortRollout(state: RolloutState, act: RolloutAct, now: number): RolloutState {
  if (state.phase === 'passed' || state.phase === 'aborted' || state.phase === 'rolled-back') return state;
  const { pause: _, ...rest } = state;
  return {
    ...rest,
    phase: 'aborted',
    version: state.version + 1,
    abort: act,
    reason: act.reason,
    endedAt: now,
  };
}

/** Begins anew at the first step, with every failure before now forgotten, approvals kept. */
export function retryRollout(state: RolloutState, policy: RolloutPolicy, now: number): RolloutState {
  return restart(state, policy, now, now);
}

/** Approves a step by name. */
export function approveStep(state: RolloutState, step: string): RolloutState {
  return state.approved.includes(step) ? state : { ...state, approved: [...state.approved, step] };
}

/** Makes last good, or the one before it, the target at once; undefined where no such bytes are known. */
export function pinRollout(
  state: RolloutState,
  to: RolloutPin['to'],
  act: RolloutAct,
): RolloutState | undefined {
  const target = to === 'last-good' ? state.lastGood : state.previousGood;
  return target && { ...state, version: state.version + 1, pin: { ...act, to, target } };
}

/** Takes a pin back: what Git asks for goes out again from the first step, unless it had failed. */
export function unpinRollout(state: RolloutState, policy: RolloutPolicy, now: number): RolloutState {
  const { pin, ...rest } = state;
  if (!pin) return state;
  const isOpen = state.phase === 'running' || state.phase === 'blocked' || state.phase === 'passed';
  return isOpen ? restart(rest, policy, now, state.ledgerFrom) : { ...rest, version: state.version + 1 };
}

/** Ends the acts whose time is over, as if they were taken back. */
export function expireActs(state: RolloutState, policy: RolloutPolicy, now: number): RolloutState {
  let open = state;
  if (isOver(open.pin, now)) open = unpinRollout(open, policy, now);
  if (isOver(open.abort, now) && open.phase === 'aborted') open = retryRollout(open, policy, now);
  if (isOver(open.pause, now)) {
    const { pause: _, ...rest } = open;
    open = rest;
  }
  return open;
}

function isOver(act: RolloutAct | undefined, now: number): boolean {
  return act?.until !== undefined && act.until <= now;
}
