import type { RolloutPolicy } from '../model/index.ts';

const minute = 60_000;

const builtInFailure = { healthTimeoutMs: 5 * minute, failOnDrift: false } as const;

/** The policy of an AgentConfig or Package that names none: one agent, a tenth, all (fleet-repo.md, "Rollout"). */
export const defaultRollout: RolloutPolicy = {
  name: 'default',
  steps: [
    { name: 'first', scope: { kind: 'count', count: 1 }, soakMs: minute, approval: false },
    { name: 'tenth', scope: { kind: 'percent', percent: 10 }, soakMs: 2 * minute, approval: false },
  ],
  soakAllMs: 2 * minute,
  failure: { ...builtInFailure, maxFailedPercent: 2, action: 'rollback' },
  maxInFlight: 500,
  windows: [],
  freezes: [],
  immediate: false,
};

/** The policy `immediate`: one step, all agents at once, no gates, no rollback; any failure fails the status. */
export const immediateRollout: RolloutPolicy = {
  name: 'immediate',
  steps: [],
  soakAllMs: 0,
  failure: { ...builtInFailure, maxFailed: 0, action: 'none' },
  maxInFlight: Number.POSITIVE_INFINITY,
  windows: [],
  freezes: [],
  immediate: true,
};
