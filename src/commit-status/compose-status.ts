import type { StandingStatus, StatusState, StatusSummary, TenantSummary } from '../model/index.ts';
import { composeFleet, type JudgedTenant } from './compose-fleet.ts';
import { composeTenant, withPosition } from './compose-tenant.ts';
import { nextStatus } from './next-status.ts';
import { contextName, targetUrl } from './status-place.ts';
import { countText, fitText, maxDescription, shortSha } from './status-text.ts';
import type { Verdict } from './verdict.ts';

/** With more tenants than this, only failing ones get a context of their own beside `muster/fleet`. */
export const maxTenantContexts = 50;

/** What stands already, by context: the statuses that the last composition for this revision returned. */
export type StandingStatuses = ReadonlyMap<string, StandingStatus>;

/**
 * The commit statuses that should stand for one revision: `muster/fleet`, `muster/validate` and one per tenant that
 * the commit changes. Descriptions are ASCII of at most 140 characters without any config value; verdicts that
 * stand stay, by the rules of `nextStatus`.
 */
export function composeStatus(
  summary: StatusSummary,
  standing: StandingStatuses = new Map(),
): StandingStatus[] {
  const settle = (name: string, place: Place, attempt: number, verdict: Verdict): StandingStatus => {
    const composed = toStatus(summary, name, place, attempt, verdict);
    return nextStatus(standing.get(composed.context), composed);
  };
  const tenants = summary.tenants.map((tenant) => {
    const attempt = newestAttempt(summary, [tenant]);
    return {
      tenant,
      status: settle(tenant.tenant, `/t/${tenant.tenant}`, attempt, composeTenant(tenant, summary)),
    };
  });
  const fleet = composeFleet(
    summary,
    tenants.map(({ tenant, status }) => judged(tenant, status)),
  );
  const shown = selectShown(
    tenants.map(({ status }) => status),
    standing,
  );
  return [
    settle('fleet', '', newestAttempt(summary, summary.tenants), withRevert(fleet, summary)),
    settle('validate', '/problems', 0, validateVerdict(summary)),
    ...shown,
  ];
}

/** The way back of a commit whose rollout failed, where there is room for it. */
function withRevert(verdict: Verdict, { sha, tenants }: StatusSummary): Verdict {
  const failed = tenants.some(({ rollouts }) => rollouts?.some(({ state }) => state === 'failure'));
  if (verdict.state !== 'failure' || !failed) return verdict;
  const text = `${verdict.text}; git revert ${shortSha(sha)}`;
  return text.length <= maxDescription ? { ...verdict, text } : verdict;
}

type Place = Parameters<typeof targetUrl>[1];

function toStatus(
  summary: StatusSummary,
  name: string,
  place: Place,
  attempt: number,
  verdict: Verdict,
): StandingStatus {
  const url = targetUrl(summary, place);
  return {
    sha: summary.sha,
    context: contextName(name, summary.instance),
    state: verdict.state,
    description: fitText(verdict.text),
    ...(url === undefined ? {} : { targetUrl: url }),
    ...(verdict.cause ? { cause: verdict.cause } : {}),
    attempt,
  };
}

function judged(summary: TenantSummary, status: StandingStatus): JudgedTenant {
  const verdict: Verdict = { state: status.state, text: status.description };
  return { summary, verdict: status.cause ? { ...verdict, cause: status.cause } : verdict };
}

/** Attempts are numbered per commit: the newest one reopens every context that it concerns, and the sum. */
function newestAttempt(summary: StatusSummary, tenants: readonly TenantSummary[]): number {
  return Math.max(summary.attempt ?? 0, ...tenants.map(({ attempt = 0 }) => attempt));
}

/** Of many tenants, those that have a status already, then failing ones as far as there is room. */
function selectShown(
  statuses: readonly StandingStatus[],
  standing: StandingStatuses,
): readonly StandingStatus[] {
  if (statuses.length <= maxTenantContexts) return statuses;
  const known = statuses.filter(({ context }) => standing.has(context));
  const failing = statuses.filter(({ state, context }) => isBad(state) && !standing.has(context));
  return [...known, ...failing.slice(0, Math.max(0, maxTenantContexts - known.length))];
}

function isBad(state: StatusState): boolean {
  return state === 'failure' || state === 'error';
}

function validateVerdict({ validation }: StatusSummary): Verdict {
  const { errors, warnings } = validation;
  if (errors.count > 0)
    return { state: 'failure', text: withPosition(countText(errors.count, 'problem'), errors) };
  const text = warnings > 0 ? `no errors, ${countText(warnings, 'warning')}` : 'no problems';
  return { state: 'success', text };
}
