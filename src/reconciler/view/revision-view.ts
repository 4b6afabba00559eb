import type { RevisionView } from '../../model/index.ts';
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
