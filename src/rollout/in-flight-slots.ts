import type { RolloutPolicy, RolloutState, UnitCounters } from '../model/index.ts';

/** How many agents may be in flight at once towards the target: `maxInFlight`, and no more than the step may still move. */
export function computeCapacity(
  state: RolloutState,
  policy: RolloutPolicy,
  counters: Pick<UnitCounters, 'inFlight' | 'moved'>,
): number {
  const isForward = state.phase === 'running' && !state.pin && !state.direct;
  if (!isForward || state.stepLimit === undefined) return policy.maxInFlight;
  return Math.min(policy.maxInFlight, counters.inFlight + Math.max(0, state.stepLimit - counters.moved));
}

/** Offers that may be made now: what the capacity leaves. */
export function freeSlots(capacity: number, counters: Pick<UnitCounters, 'inFlight'>): number {
  return Math.max(0, capacity - counters.inFlight);
}
