import {
  type AgentCounts,
  commitSha,
  type StatusSummary,
  type TenantSummary,
} from '../../../src/model/index.ts';

export const sha = commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d');
export const kept = commitSha('b81e6f0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

/** Counts that are 0 but for `some`. */
export function counts(some: Partial<AgentCounts> = {}): AgentCounts {
  return {
    matched: 0,
    connected: 0,
    notConnected: 0,
    applied: 0,
    healthy: 0,
    failed: 0,
    held: 0,
    conflict: 0,
    unmanaged: 0,
    unsupported: 0,
    unacknowledged: 0,
    drifted: 0,
    wrongConfig: 0,
    pending: 0,
    ...some,
  };
}

/** A tenant `acme` without agents, settled, some time after the start. */
export function tenant(some: Partial<TenantSummary> = {}): TenantSummary {
  return {
    tenant: 'acme',
    problems: { count: 0 },
    agents: counts(),
    failures: [],
    settled: true,
    starting: false,
    ...some,
  };
}

/** A revision that changes these tenants and has no problems. */
export function summary(tenants: readonly TenantSummary[], some: Partial<StatusSummary> = {}): StatusSummary {
  return { sha, fleetChanged: true, tenants, validation: { errors: { count: 0 }, warnings: 0 }, ...some };
}
