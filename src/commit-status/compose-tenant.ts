import type { ProblemSummary, StatusSummary, Successor, TenantSummary } from '../model/index.ts';
import { failuresText } from './failures-text.ts';
import { withPackages } from './packages-verdict.ts';
import { reduceReason } from './reduce-reason.ts';
import { rolloutVerdict } from './rollout-verdict.ts';
import { countText, fitList, positionText, shortSha } from './status-text.ts';
import { steppedVerdict } from './stepped-verdict.ts';
import type { Verdict } from './verdict.ts';

/** How one tenant fares under one commit; the first thing that holds it back decides. */
export function composeTenant(tenant: TenantSummary, summary: StatusSummary): Verdict {
  const fault = tenant.fault ?? summary.fault;
  const successor = tenant.supersededBy ?? summary.supersededBy;
  if (tenant.problems.count > 0) return { state: 'failure', text: problemText(tenant) };
  if (successor) return supersededVerdict(successor);
  if (fault !== undefined) return faultVerdict(fault);
  if (tenant.guard !== undefined)
    return { state: 'pending', text: `held: ${tenant.guard}; muster approve ${shortSha(summary.sha)}` };
  const blocked = blockingVerdict(tenant);
  if (blocked) return blocked;
  const configs = steppedVerdict(tenant.rollouts ?? []) ?? rolloutVerdict(tenant);
  return withPackages(configs, tenant);
}

/** `3 problems, keeps b81e6f0: edge.yaml:7:30`. */
function problemText(tenant: TenantSummary): string {
  const kept = tenant.keeps === undefined ? 'nothing in force' : `keeps ${shortSha(tenant.keeps)}`;
  return withPosition(
    `${countText(tenant.problems.count, 'problem')}, ${kept}`,
    tenant.problems,
    tenant.tenant,
  );
}

/** `text: file:line:column` where a position is known. */
export function withPosition(text: string, problems: ProblemSummary, tenant?: string): string {
  return problems.first ? `${text}: ${positionText(problems.first, tenant)}` : text;
}

/** What a superseded commit says: so once, then its successor's verdict. */
export function supersededVerdict(successor: Successor): Verdict {
  const by = `superseded by ${shortSha(successor.sha)}`;
  switch (successor.state) {
    case 'pending':
      return { state: 'pending', text: by };
    case 'success':
      return { state: 'success', text: `${by}, which succeeded` };
    case 'failure':
      return { state: 'failure', text: `${by}, which failed` };
    case 'error':
      return { state: 'error', text: `${by}, which has no verdict` };
  }
}

/** The verdict-less state for a fault of ours; only a code is shown. */
export function faultVerdict(code: string): Verdict {
  return {
    state: 'error',
    text: `no verdict: internal error ${code.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 40)}`,
  };
}

function blockingVerdict(tenant: TenantSummary): Verdict | undefined {
  const { agents } = tenant;
  if (agents.wrongConfig > 0) return { state: 'failure', text: failuresText(tenant), cause: 'wrong-config' };
  if (agents.conflict > 0) return { state: 'failure', text: conflictText(tenant) };
  const held = agents.held - (tenant.paused ?? 0);
  if (held > 0) return { state: 'failure', text: heldText(held, tenant.heldReason) };
  return undefined;
}

function conflictText(tenant: TenantSummary): string {
  const files = (tenant.conflicts ?? []).map((file) => file.slice(-60));
  const head = `${countText(tenant.agents.conflict, 'agent')} in conflict`;
  return fitList(files.length > 0 ? `${head}: ` : head, files, ' and ');
}

function heldText(count: number, reason: string | undefined): string {
  const why = reduceReason(reason ?? '');
  return why === '' ? `${count} held` : `${count} held: ${why}`;
}
