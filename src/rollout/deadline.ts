import type { RolloutPolicy, RolloutState } from '../model/index.ts';
import { openTime, type TimeGate } from './time-gate.ts';

/** Starts or stops the deadline's clock; the state is the same object where nothing changes. */
export function runClock(
  state: RolloutState,
  policy: RolloutPolicy,
  gate: TimeGate,
  runs: boolean,
  now: number,
): RolloutState {
  if (policy.deadlineMs === undefined || runs === (state.clock.since !== undefined)) return state;
  if (runs) return { ...state, clock: { ...state.clock, since: now } };
  return { ...state, clock: { spentMs: spentTime(state, gate, now) } };
}

/** Milliseconds that the clock has counted: it stands still outside windows and in freezes. */
export function spentTime({ clock }: RolloutState, gate: TimeGate, now: number): number {
  return clock.spentMs + (clock.since === undefined ? 0 : openTime(gate, clock.since, now));
}
