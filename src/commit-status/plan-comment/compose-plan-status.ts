import type { CommitSha, Plan, PullRequestHead, StandingStatus } from '../../model/index.ts';
import { faultVerdict, withPosition } from '../compose-tenant.ts';
import { contextName, planUrl } from '../status-place.ts';
import { countText, fitList, fitText, maxDescription } from '../status-text.ts';
import type { Verdict } from '../verdict.ts';

/** How far the planning of a head is. */
export type PlanOutcome =
  | { readonly kind: 'planning' }
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** A fault of ours; only its stable code is shown. */
  | { readonly kind: 'fault'; readonly code: string };

export interface PlanStatusPlace {
  readonly sha: CommitSha;
  /** Absent on the head of a merge queue. */
  readonly pullRequest?: PullRequestHead;
  readonly instance?: string;
  /** Base URL of the page. */
  readonly publicUrl?: string;
}

/**
 * `muster/plan` and `muster/validate` for a head that is planned. They fail only for errors, conflicts or guards that
 * the base does not have already (contract.md, "What is written back").
 */
export function composePlanStatuses(outcome: PlanOutcome, place: PlanStatusPlace): readonly StandingStatus[] {
  const toStatus = (name: string, verdict: Verdict): StandingStatus => {
    const url = planUrl(place);
    return {
      sha: place.sha,
      context: contextName(name, place.instance),
      state: verdict.state,
      description: fitText(verdict.text),
      ...(url === undefined ? {} : { targetUrl: url }),
      ...(place.pullRequest ? { pullRequest: place.pullRequest } : {}),
      attempt: 0,
    };
  };
  return [toStatus('validate', validateVerdict(outcome)), toStatus('plan', planVerdict(outcome))];
}

function validateVerdict(outcome: PlanOutcome): Verdict {
  if (outcome.kind !== 'planned') return openVerdict(outcome);
  if (outcome.plan.conflicts.length > 0)
    return { state: 'failure', text: 'not checked: it does not merge with its base' };
  const errors = outcome.plan.problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first)
    return {
      state: 'failure',
      text: withPosition(countText(errors.length, 'new problem'), { count: errors.length, first }),
    };
  const warnings = outcome.plan.problems.filter(({ severity }) => severity === 'warning').length;
  return {
    state: 'success',
    text: warnings > 0 ? `no new errors, ${countText(warnings, 'warning')}` : 'no new problems',
  };
}

function planVerdict(outcome: PlanOutcome): Verdict {
  if (outcome.kind !== 'planned') return openVerdict(outcome);
  const { plan } = outcome;
  if (plan.conflicts.length > 0)
    return { state: 'failure', text: fitList('does not merge: ', plan.conflicts, ', ') };
  const reach = reachText(plan);
  if (plan.state === 'error') return { state: 'failure', text: `${errorText(plan)}; ${reach}` };
  if (plan.state === 'conflict') {
    const inConflict = plan.overlaps.filter(({ owner }) => owner === undefined);
    const count = inConflict.reduce((sum, { agents }) => sum + agents, 0);
    return { state: 'failure', text: `${countText(count, 'agent')} in conflict; ${reach}` };
  }
  if (plan.held.length > 0)
    return {
      state: 'failure',
      text: fitList(
        'a guard would hold it: ',
        plan.held.map(({ tenant, reason }) => `${tenant} ${reason}`),
        '; ',
      ),
    };
  return { state: 'success', text: reach };
}

/** What a change takes is no problem of either side alone, and so is told here and not by `muster/validate`. */
function errorText({ problems, findings }: Plan): string {
  if (problems.some(({ severity }) => severity === 'error')) return 'problems: see muster/validate';
  const grave = findings.filter(({ severity }) => severity === 'error');
  return fitList(
    '',
    grave.map(({ code, tenant, config }) => `${code} in ${tenant}/${config}`),
    ', ',
    maxDescription / 2,
  );
}

function openVerdict(outcome: Exclude<PlanOutcome, { kind: 'planned' }>): Verdict {
  return outcome.kind === 'planning' ? { state: 'pending', text: 'planning' } : faultVerdict(outcome.code);
}

function reachText({ blast, unassigned, cannotRun }: Plan): string {
  const parts = [
    blast.agents === 0
      ? 'no agent changes'
      : `${blast.agents}/${blast.ofAgents} agents change in ${countText(blast.tenants, 'tenant')}`,
  ];
  const lost = sum(unassigned);
  const unable = sum(cannotRun);
  if (lost > 0) parts.push(`${lost} unassigned`);
  if (unable > 0) parts.push(`${unable} cannot run it`);
  return parts.join(', ');
}

function sum(items: readonly { readonly agents: number }[]): number {
  return items.reduce((total, { agents }) => total + agents, 0);
}
