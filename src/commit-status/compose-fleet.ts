import type { AgentCounts, StatusSummary, TenantSummary } from '../model/index.ts';
import { faultVerdict, supersededVerdict, withPosition } from './compose-tenant.ts';
import { rolloutVerdict } from './rollout-verdict.ts';
import { countText, fitList } from './status-text.ts';
import type { Verdict } from './verdict.ts';

/** A tenant with the verdict that stands for it. */
export interface JudgedTenant {
  readonly summary: TenantSummary;
  readonly verdict: Verdict;
}

/** The sum of what this commit changed: the worst of its tenants, told by their summed counts where none stands out. */
export function composeFleet(summary: StatusSummary, tenants: readonly JudgedTenant[]): Verdict {
  const own = summary.problems;
  if (own && own.count > 0)
    return { state: 'failure', text: withPosition(countText(own.count, 'problem'), own) };
  if (!summary.fleetChanged) return { state: 'success', text: 'no fleet change' };
  if (tenants.length === 0 && summary.supersededBy) return supersededVerdict(summary.supersededBy);
  if (tenants.length === 0 && summary.fault !== undefined) return faultVerdict(summary.fault);
  const [only] = tenants;
  if (!only) return { state: 'success', text: 'no config changed' };
  if (tenants.length === 1) return only.verdict;
  return (
    worst(tenants, 'failure') ??
    worst(tenants, 'error') ??
    pendingSum(summary, tenants) ?? { state: 'success', text: sumText(tenants) }
  );
}

function worst(tenants: readonly JudgedTenant[], state: 'failure' | 'error'): Verdict | undefined {
  const hit = tenants.filter(({ verdict }) => verdict.state === state);
  if (hit.length === 0) return undefined;
  const wrongFirst = [...hit].sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)));
  const text = fitList('', wrongFirst.map(told), '; ');
  return { state, text, ...(hit.some(isWrong) ? { cause: 'wrong-config' as const } : {}) };
}

function isWrong({ verdict }: JudgedTenant): boolean {
  return verdict.cause === 'wrong-config';
}

function told({ summary, verdict }: JudgedTenant): string {
  return `${summary.tenant}: ${verdict.text}`;
}

/** Held tenants are named, since somebody has to act; the others are told by their sum, as far as it tells anything. */
function pendingSum(summary: StatusSummary, tenants: readonly JudgedTenant[]): Verdict | undefined {
  const open = tenants.filter(({ verdict }) => verdict.state === 'pending');
  const [first] = open;
  if (!first) return undefined;
  if (open.every((tenant) => tenant.summary.supersededBy ?? summary.supersededBy)) return first.verdict;
  const held = open.filter((tenant) => tenant.summary.guard !== undefined);
  if (held.length > 0) return { state: 'pending', text: fitList('', held.map(told), '; ') };
  const hasAgents = open.some((tenant) => tenant.summary.agents.matched > 0);
  return { state: 'pending', text: hasAgents ? sumText(tenants) : fitList('', open.map(told), '; ') };
}

function sumText(tenants: readonly JudgedTenant[]): string {
  const stepped = tenants.filter(
    ({ summary, verdict }) => (summary.rollouts || hasPackages(summary)) && verdict.state === 'pending',
  );
  if (stepped.length > 0) return fitList('', stepped.map(told), '; ');
  if (tenants.some(({ summary }) => hasPackages(summary))) return fitList('', tenants.map(told), '; ');
  const settled = tenants.every(({ verdict }) => verdict.state !== 'pending');
  return rolloutVerdict({
    agents: sumCounts(tenants.map(({ summary }) => summary.agents)),
    failures: tenants.flatMap(({ summary }) => summary.failures.slice(0, 2)),
    paused: 0,
    settled,
    starting: !settled && tenants.some(({ summary }) => summary.starting),
  }).text;
}

/** A Package that reaches nobody says nothing. */
function hasPackages({ packages }: TenantSummary): boolean {
  return (packages?.matched ?? 0) > 0;
}

function sumCounts(all: readonly AgentCounts[]): AgentCounts {
  const sum: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + Number(count);
  return sum as unknown as AgentCounts;
}
