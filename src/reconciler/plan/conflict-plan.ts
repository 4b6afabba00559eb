import type { CommitSha, Plan } from '../../model/index.ts';

/** The plan of a head that does not merge: the files, and nothing else; without a merge base, no file is to blame. */
export function conflictPlan(sha: CommitSha, base: CommitSha, paths: readonly string[], now: number): Plan {
  return {
    ...{ sha, base, state: 'conflict', plannedAt: new Date(now).toISOString() },
    conflicts: paths.length > 0 ? paths.slice(0, maxPaths) : ['(no common history)'],
    blast: { agents: 0, ofAgents: 0, tenants: 0, byConfig: [] },
    ...{ removals: [], unassigned: [], firstAdoptions: [], overlaps: [], orphanSelectors: [] },
    ...{ losingOwner: [], credentialsGoing: [], cannotRun: [], withheld: [], findings: [] },
    ...{ problems: [], refused: [], held: [], diffs: [] },
    truncated: paths.length > maxPaths,
  };
}

const maxPaths = 200;
