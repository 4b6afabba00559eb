import type { CommitStatus } from '../model/index.ts';
import type { ReporterLimits, StatusReporter } from './status-reporter.ts';

/** A status as a host shows it, in the host's own words. */
export interface PostedStatus {
  readonly state: string;
  readonly description: string;
  readonly targetUrl: string;
}

/** What stands on a commit: by lower-case context, and whether contexts that are absent have no status. */
export interface StandingOnCommit {
  readonly complete: boolean;
  readonly byContext: ReadonlyMap<string, PostedStatus>;
}

/** The parts of a reporter that differ from host to host. */
export interface HostPort {
  readonly name: string;
  readonly limits: ReporterLimits;
  /** What stands on the status's commit, at least for its context. */
  read(status: CommitStatus, signal: AbortSignal): Promise<StandingOnCommit>;
  /** Whether `posted` already says `status`, or as much of it as the host can be told. */
  isSame(posted: PostedStatus, status: CommitStatus): boolean;
  /** Writes, and returns what then stands. */
  write(status: CommitStatus, posted: PostedStatus | undefined, signal: AbortSignal): Promise<PostedStatus>;
}

interface KnownCommit {
  complete: boolean;
  readonly byContext: Map<string, PostedStatus>;
}

/** Commits whose statuses are remembered, so that they need no reading. */
const maxCommits = 256;

/**
 * A reporter that reads what stands before its first write for a commit, and again after every write whose outcome
 * is in doubt, so that neither a restart nor a lost answer repeats a status.
 */
export function createReadBackReporter(host: HostPort): StatusReporter {
  const known = new Map<string, KnownCommit>();
  const standing = async (status: CommitStatus, signal: AbortSignal): Promise<KnownCommit> => {
    const commit = known.get(status.sha) ?? { complete: false, byContext: new Map() };
    if (commit.complete || commit.byContext.has(keyOf(status))) return commit;
    const read = await host.read(status, signal);
    commit.complete = read.complete;
    for (const [context, posted] of read.byContext) commit.byContext.set(context, posted);
    remember(known, status.sha, commit);
    return commit;
  };
  return {
    name: host.name,
    limits: host.limits,
    async report(status, signal) {
      const commit = await standing(status, signal);
      const posted = commit.byContext.get(keyOf(status));
      if (posted && host.isSame(posted, status)) return;
      known.delete(status.sha);
      const written = await host.write(status, posted, signal);
      commit.byContext.set(keyOf(status), written);
      remember(known, status.sha, commit);
    },
  };
}

/** Contexts are compared without case, as GitHub does. */
function keyOf(status: CommitStatus): string {
  return status.context.toLowerCase();
}

function remember(known: Map<string, KnownCommit>, sha: string, commit: KnownCommit): void {
  known.delete(sha);
  known.set(sha, commit);
  for (const oldest of known.keys()) {
    if (known.size <= maxCommits) return;
    known.delete(oldest);
  }
}
