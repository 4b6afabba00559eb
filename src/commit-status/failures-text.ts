import type { TenantSummary } from '../model/index.ts';
import { reduceReason, safeHost } from './reduce-reason.ts';
import { fitList } from './status-text.ts';

/** Failing agents worth naming: more would not fit. */
const maxNamed = 5;

/** `2 failed: web-17 exit code 1, web-18 unhealthy`; never an agent's own words. */
export function failuresText(tenant: Pick<TenantSummary, 'agents' | 'failures'>): string {
  const { failed, wrongConfig } = tenant.agents;
  const head = failed >= wrongConfig ? `${failed} failed` : `${wrongConfig} on a wrong config`;
  const named = tenant.failures.slice(0, maxNamed).map((failure) => {
    return `${safeHost(failure.host) || safeHost(failure.uid)} ${reduceReason(failure.reason)}`.trimEnd();
  });
  return fitList(named.length > 0 ? `${head}: ` : head, named);
}
