import { type Allowance, createAllowance, type Quota } from './allowance.ts';

/** The quota of a tenant that has so many agents connected. */
export type QuotaOf = (tenant: string, agents: number) => Quota;

/** Every tenant's allowance, so that no tenant's flood is another's problem. */
export interface Quotas {
  of(tenant: string): Allowance;
  /** An agent of the tenant has come or gone. */
  count(tenant: string, by: 1 | -1): void;
}

const mebibyte = 1024 * 1024;
/** Agents that a tenant's quota is made for at least: those that are yet to speak are not counted. */
const leastAgents = 20;

/** Per connected agent fifty messages and a mebibyte a second: a hundred times what a busy one sends. */
export function defaultQuota(_tenant: string, agents: number): Quota {
  const share = Math.max(leastAgents, agents);
  return { messagesPerSecond: 50 * share, bytesPerSecond: mebibyte * share };
}

/** Allowances by tenant; `now` is the monotonic time. Tenants are as many as the fleet repo has. */
export function createQuotas(quotaOf: QuotaOf, now: () => number): Quotas {
  const agents = new Map<string, number>();
  const allowances = new Map<string, Allowance>();
  return {
    of(tenant) {
      const known = allowances.get(tenant);
      if (known) return known;
      const allowance = createAllowance(() => quotaOf(tenant, agents.get(tenant) ?? 0), now());
      allowances.set(tenant, allowance);
      return allowance;
    },
    count(tenant, by) {
      agents.set(tenant, (agents.get(tenant) ?? 0) + by);
    },
  };
}
