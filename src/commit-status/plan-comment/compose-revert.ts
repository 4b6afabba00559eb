import type { CommitSha, TenantSummary } from '../../model/index.ts';
import { failuresText } from '../failures-text.ts';
import type { RevertRequest } from '../revert-pull-requests.ts';
import { countText, shortSha } from '../status-text.ts';
import { codeSpan } from './escape-markdown.ts';

export interface RevertEvidence {
  /** The bad revision, and the first line of its message. */
  readonly sha: CommitSha;
  readonly subject: string;
  /** The branch that it is on, and that the revert wants to go into. */
  readonly branch: string;
  /** The tenants in which it failed. */
  readonly failed: readonly Pick<TenantSummary, 'tenant' | 'agents' | 'failures'>[];
  /** The page of the revision. */
  readonly wholeUrl?: string;
}

/** The branch from which a revision is reverted: one per revision, and known as ours by its prefix. */
export function revertBranch(sha: CommitSha): string {
  return `muster/revert-${shortSha(sha)}`;
}

/** The pull request that takes a bad revision back, with what has failed as its evidence; no words of an agent's own. */
export function composeRevert(evidence: RevertEvidence): RevertRequest {
  const { sha, subject, branch, failed, wholeUrl } = evidence;
  const lines = failed.slice(0, maxTenants).map((tenant) => {
    return `- ${codeSpan(tenant.tenant)}: ${codeSpan(failuresText(tenant))} of ${countText(tenant.agents.matched, 'agent')}`;
  });
  if (failed.length > maxTenants) lines.push(`- and ${countText(failed.length - maxTenants, 'more tenant')}`);
  const parts = [
    `This takes back ${sha}, ${codeSpan(subject)}.`,
    failed.length > 0 ? `Its rollout failed:\n\n${lines.join('\n')}` : 'Its rollout failed.',
    'Merging this brings the branch back to what was there before it.',
    ...(wholeUrl === undefined ? [] : [`[The whole evidence](<${wholeUrl}>)`]),
  ];
  return {
    branch: revertBranch(sha),
    base: branch,
    title: `Revert ${shortSha(sha)}: ${subject}`,
    body: `${parts.join('\n\n')}\n`,
    ...(wholeUrl === undefined ? {} : { wholeUrl }),
  };
}

const maxTenants = 20;
