import type { FleetReport, TenantReport } from '../model/index.ts';
import { reduceReason, safeHost } from './reduce-reason.ts';

/** The report as it may be published to Git: failures by class and host name, without words of the agents' own. */
export function publishReport(report: FleetReport): FleetReport {
  const tenants = Object.entries(report.tenants).map(
    ([name, tenant]) => [name, publishTenant(tenant)] as const,
  );
  return { ...report, tenants: Object.fromEntries(tenants) };
}

function publishTenant(tenant: TenantReport): TenantReport {
  const failures = tenant.failures.map(({ uid, host, reason }) => ({
    uid,
    host: safeHost(host),
    reason: reduceReason(reason) || 'failed',
  }));
  return { ...tenant, failures };
}
