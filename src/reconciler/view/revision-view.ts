import type { FleetReport, RevisionSummary, RevisionView } from '../../model/index.ts';
import type { TrackedRevision } from '../tracked-revision.ts';
import type { World } from '../world.ts';

/** Revisions taken up, newest first; a scope of one tenant sees that tenant's context alone. */
export function listRevisions(world: World, scope: string): readonly RevisionView[] {
  return [...world.tracked.values()].reverse().map((revision) => viewRevision(revision, scope));
}

function viewRevision(revision: TrackedRevision, scope: string): RevisionView {
  const visible = [...revision.standing.values()].filter(
    ({ context }) => scope === '*' || context.endsWith(`/${scope}`),
  );
  return {
    sha: revision.sha,
    ref: revision.ref,
    subject: revision.commit.subject,
    author: revision.commit.author,
    committedAt: new Date(revision.commit.committedAt).toISOString(),
    seenAt: new Date(revision.takenUpAt).toISOString(),
    supersededBy: supersededBy(revision),
    statuses: visible.map(({ context, state, description }) => ({ context, state, description })),
  };
}

/** The commit that changed again everything that this one changed, if one did. */
function supersededBy(revision: TrackedRevision): string | null {
  const successors = new Set([...revision.tenants.values()].map((tenant) => tenant.supersededBy));
  const [only] = successors;
  return successors.size === 1 && only !== undefined ? only : null;
}

const shortest = 7;
const maxFailures = 100;

/** The revision whose sha begins so, with at least 7 characters; undefined where none or several do. */
export function findRevision(world: World, sha: string): TrackedRevision | undefined {
  if (sha.length < shortest) return undefined;
  const [found, ...others] = [...world.tracked.values()].filter((one) => one.sha.startsWith(sha));
  return others.length > 0 ? undefined : found;
}

/** What a commit did, without agents and texts: those that failed first. */
export function summarizeReport(
  revision: TrackedRevision,
  report: FleetReport,
  scope: string,
): RevisionSummary {
  const rank = { failure: 0, error: 1, pending: 2, success: 3 };
  const tenants = Object.entries(report.tenants).map(
    ([tenant, { state, description, agents, failures }]) => ({
      ...{ tenant, state, agents },
      description: description ?? '',
      failures: failures.slice(0, maxFailures),
    }),
  );
  return {
    ...viewRevision(revision, scope),
    state: report.state,
    tenants: tenants.sort((a, b) => rank[a.state] - rank[b.state] || (a.tenant < b.tenant ? -1 : 1)),
    seconds: report.seconds ?? null,
    revert: report.revert ?? null,
  };
}
