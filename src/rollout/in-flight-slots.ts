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

/** What several processes may have in flight in all: who goes back needs a place as well, whatever the step may move. */
export function computeShared(
  state: RolloutState,
  policy: RolloutPolicy,
  counters: Pick<UnitCounters, 'inFlight' | 'moved' | 'returning'>,
): number {
  return Math.min(policy.maxInFlight, computeCapacity(state, policy, counters) + counters.returning);
}

/** What one process has in flight, would like to offer, and may have in flight by the allowance it acts under. */
export interface SliceDemand {
  readonly id: string;
  readonly inFlight: number;
  /** Agents that wait for an offer, from `countWaiting`. */
  readonly waiting: number;
  /** The allowance that it says it acts under; what it has not taken over yet cannot be given to others. */
  readonly allowance: number;
}

/** How many agents wait for an offer that takes a place: forward ones while the rollout goes forward, and latecomers to one that passed. */
export function countWaiting(
  state: RolloutState,
  counters: Pick<UnitCounters, 'unsettled' | 'returning' | 'inFlight'>,
): number {
  const isForward = state.phase === 'running' || state.phase === 'passed';
  if (!isForward || state.pin) return counters.returning;
  return Math.max(0, counters.unsettled + counters.returning - counters.inFlight);
}

/**
 * Divides a capacity among processes so that what all of them may have in flight never passes it, even while some
 * still act under an older allowance. Each keeps what it has in flight; the rest goes by demand, in id order.
 */
export function allotInFlight(
  capacity: number,
  demands: readonly SliceDemand[],
): ReadonlyMap<string, number> {
  if (!Number.isFinite(capacity)) return new Map(demands.map(({ id }) => [id, capacity]));
  const ordered = [...demands].sort((a, b) => (a.id < b.id ? -1 : 1));
  const wanted = new Map(ordered.map(({ id, inFlight }) => [id, inFlight]));
  let free = capacity - ordered.reduce((sum, { inFlight }) => sum + inFlight, 0);
  for (const [index, { id, inFlight, waiting }] of ordered.entries()) {
    const share = Math.min(waiting, Math.ceil(Math.max(0, free) / (ordered.length - index)));
    wanted.set(id, inFlight + share);
    free -= share;
  }
  for (const { id, inFlight, waiting } of ordered) {
    const more = Math.min(Math.max(0, free), inFlight + waiting - (wanted.get(id) ?? 0));
    wanted.set(id, (wanted.get(id) ?? 0) + more);
    free -= more;
  }
  let committed = ordered.reduce((sum, { allowance }) => sum + allowance, 0);
  const granted = new Map<string, number>();
  for (const { id, allowance } of ordered) {
    const raise = Math.max(0, (wanted.get(id) ?? 0) - allowance);
    const given = Math.min(raise, Math.max(0, capacity - committed));
    granted.set(id, Math.min(wanted.get(id) ?? 0, allowance) + given);
    committed += given;
  }
  return granted;
}

/** Offers that a process may make now: what its allowance leaves. */
export function freeSlots(allowance: number, own: Pick<UnitCounters, 'inFlight'>): number {
  return Math.max(0, allowance - own.inFlight);
}
