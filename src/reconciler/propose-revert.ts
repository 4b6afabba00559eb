import type { RevertProposal } from '../model/index.ts';
import { type SummaryOptions, summarizeRevision } from './summarize.ts';
import type { TrackedRevision } from './tracked-revision.ts';
import type { World } from './world.ts';

/** What a revert is called by Git, and by the merge of one that was proposed: to take one back would bring back the fault. */
const isRevert = /^revert\b|\bmuster\/revert-/i;

/**
 * Whether, and why, a revision should be taken back: its rollout failed in a tenant for which the repo asks for it, no
 * later commit has changed that tenant since, and it is no revert itself.
 */
export function proposeRevert(
  world: World,
  revision: TrackedRevision,
  options: SummaryOptions,
): RevertProposal | undefined {
  const { sha, commit } = revision;
  if (isRevert.test(commit.subject)) return undefined;
  const failed = summarizeRevision(world, revision, options).tenants.filter(({ tenant, rollouts }) => {
    const isWanted = world.inForce.get(tenant)?.snapshot.fleet.revertPullRequest === true;
    const stands = revision.tenants.get(tenant)?.supersededBy === undefined;
    return isWanted && stands && rollouts?.some(({ state }) => state === 'failure');
  });
  return failed.length === 0 ? undefined : { sha, subject: commit.subject, failed };
}
