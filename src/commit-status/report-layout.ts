import type { FleetReport, ReportedAgent, TenantReport } from '../model/index.ts';

/** The report with every list and map in a fixed order, and members in the order of contract.md. */
export function orderedReport(report: FleetReport): FleetReport {
  return {
    version: report.version,
    revision: report.revision,
    state: report.state,
    ...(report.description === undefined ? {} : { description: report.description }),
    observedAt: report.observedAt,
    ...(report.convergedAt === undefined ? {} : { convergedAt: report.convergedAt }),
    ...(report.seconds === undefined ? {} : { seconds: report.seconds }),
    ...(report.revert === undefined ? {} : { revert: report.revert }),
    tenants: sortMembers(report.tenants, orderedTenant),
    agents: orderedAgents(report.agents),
    effectiveConfigs: sortMembers(report.effectiveConfigs, (text) => text),
    ...(report.truncated ? { truncated: report.truncated } : {}),
  };
}

function sortMembers<T>(members: Readonly<Record<string, T>>, order: (value: T) => T): Record<string, T> {
  const names = Object.keys(members).sort(compareText);
  return Object.fromEntries(names.map((name) => [name, order(members[name] as T)]));
}

function orderedTenant({ state, description, agents: counts, failures }: TenantReport): TenantReport {
  const { matched, connected, notConnected, applied, healthy, failed, held, conflict } = counts;
  const { unmanaged, unsupported, unacknowledged, drifted, wrongConfig, pending } = counts;
  const reached = { matched, connected, notConnected, applied, healthy, failed, held, conflict };
  const agents = { ...reached, unmanaged, unsupported, unacknowledged, drifted, wrongConfig, pending };
  const sorted = [...failures].sort((a, b) => compareText(a.uid, b.uid));
  return {
    state,
    ...(description === undefined ? {} : { description }),
    agents,
    failures: sorted.map(({ uid, host, reason }) => ({ uid, host, reason })),
  };
}

function orderedAgent(agent: ReportedAgent): ReportedAgent {
  const { uid, tenant, config, delivery, sync, health, desiredHash, appliedHash, effectiveHash } = agent;
  return {
    uid,
    tenant,
    ...(config === undefined ? {} : { config }),
    delivery,
    sync,
    health,
    ...(desiredHash === undefined ? {} : { desiredHash }),
    ...(appliedHash === undefined ? {} : { appliedHash }),
    ...(effectiveHash === undefined ? {} : { effectiveHash }),
  };
}

/** Agents by tenant and uid. */
export function orderedAgents(agents: readonly ReportedAgent[]): readonly ReportedAgent[] {
  return [...agents].sort(byTenantAndUid).map(orderedAgent);
}

/** Order of agents: by tenant, then by uid. */
export function byTenantAndUid(a: ReportedAgent, b: ReportedAgent): number {
  return compareText(a.tenant, b.tenant) || compareText(a.uid, b.uid);
}

/** By code unit: the same in every locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** JSON text with one line per tenant, agent and effective config, so that `git log` and `git diff` can be read. */
export function layOutReport(report: FleetReport): string {
  const { tenants, agents, effectiveConfigs, truncated, ...head } = report;
  const opening = JSON.stringify(head).slice(0, -1);
  const tenantLines = Object.entries(tenants).map(layOutMember);
  const agentLines = agents.map((agent) => JSON.stringify(agent));
  const configLines = Object.entries(effectiveConfigs).map(layOutMember);
  const parts = [
    opening,
    `"tenants":{${indent(tenantLines)}}`,
    `"agents":[${indent(agentLines)}]`,
    `"effectiveConfigs":{${indent(configLines)}}`,
    ...(truncated ? ['"truncated":true'] : []),
  ];
  return `${parts.join(',\n ')}}\n`;
}

/** One member of a map as it is laid out. */
export function layOutMember([name, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

/** Bytes that a line costs beyond its own: the comma, the line break and the indentation. */
export const lineOverhead = 4;

function indent(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join(',');
}
