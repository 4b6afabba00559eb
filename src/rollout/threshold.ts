import type { RolloutPolicy, RolloutState, UnitCounters } from '../model/index.ts';
import { orderSpace } from './order.ts';
import { stepAt } from './policy-steps.ts';

/** A step's threshold on the order, and how many agents it may move where single agents were chosen. */
export interface StepThreshold {
  readonly threshold: number | null;
  readonly limit?: number;
}

/**
 * The threshold of a step by count or percent: what this rollout moved already counts, and at least one connected
 * agent is covered, a healthy one where there is any (fleet-repo.md, "Order"). It follows who is connected until
 * the step has moved its agents, so that a fleet which comes back does not widen it.
 */
export function computeThreshold(
  state: RolloutState,
  policy: RolloutPolicy,
  step: number,
  counters: UnitCounters,
): StepThreshold {
  const { scope } = stepAt(policy, step);
  const floor = Math.max(-1, ...state.thresholds.slice(0, step).map((before) => before ?? -1));
  switch (scope.kind) {
    case 'all':
    case 'selector':
      return { threshold: null };
    case 'percent':
      return byPercent(scope.percent, floor, begunLimit(state, step, counters), counters);
    case 'count':
      return byCount(Math.max(scope.count, begunLimit(state, step, counters) ?? 0), floor, counters);
  }
}

/** How many agents the step chose one by one, once it has begun to move them: then the choice stands. */
function begunLimit(state: RolloutState, step: number, counters: UnitCounters): number | undefined {
  return step === state.step && counters.moved > 0 ? state.stepLimit : undefined;
}

function byPercent(
  percent: number,
  floor: number,
  limit: number | undefined,
  counters: UnitCounters,
): StepThreshold {
  const share = Math.max(floor, Math.floor((percent / 100) * orderSpace) - 1);
  if (limit !== undefined && limit > counters.moved) return byCount(limit, share, counters);
  const nearest = counters.lowestHealthy ?? counters.lowest[0];
  const isCovered =
    counters.moved > 0 || counters.settledWell > 0 || nearest === undefined || nearest <= share;
  return isCovered ? { threshold: share } : { threshold: nearest, limit: countUpTo(counters, nearest) };
}

function byCount(count: number, floor: number, counters: UnitCounters): StepThreshold {
  const need = count - counters.moved;
  const { lowest } = counters;
  if (need <= 0 || lowest.length === 0) return { threshold: floor, limit: count };
  if (need > lowest.length && counters.candidates > lowest.length) {
    const share = count / (counters.candidates + counters.moved);
    return { threshold: Math.max(floor, Math.floor(Math.min(1, share) * orderSpace) - 1), limit: count };
  }
  const last = lowest[Math.min(need, lowest.length) - 1] ?? floor;
  const healthy = counters.moved > 0 ? undefined : counters.lowestHealthy;
  const threshold = Math.max(floor, last, healthy ?? floor);
  return { threshold, limit: Math.max(count, counters.moved + countUpTo(counters, threshold)) };
}

function countUpTo({ lowest }: UnitCounters, threshold: number): number {
  return lowest.filter((order) => order <= threshold).length;
}
