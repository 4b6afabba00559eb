import type { Delivery, Health, Sync } from './agent.ts';
import type { CommitSha } from './ids.ts';

/** Commit status states, as on GitHub. */
export type StatusState = 'pending' | 'success' | 'failure' | 'error';

/** The pull or merge request whose head a status is posted on. */
export interface PullRequestHead {
  readonly number: number;
  /** Name of the source branch, without `refs/heads/`. */
  readonly branch: string;
  /** Whether the head is in another repository than its base. */
  readonly fork: boolean;
}

/** One commit status; `description` has at most 140 ASCII characters and never a config value. */
export interface CommitStatus {
  readonly sha: CommitSha;
  /** `muster/fleet`, `muster/<tenant>`, `muster/validate`; with an instance `muster/<instance>/…`. */
  readonly context: string;
  readonly state: StatusState;
  readonly description: string;
  /** Absolute, or undefined without a public URL. */
  readonly targetUrl?: string;
  /** Set where the commit is no revision that is followed but the head of a pull request. */
  readonly pullRequest?: PullRequestHead;
}

/** Agents by where they stand; the counts of the fleet report (contract.md). */
export interface AgentCounts {
  readonly matched: number;
  readonly connected: number;
  readonly notConnected: number;
  readonly applied: number;
  readonly healthy: number;
  readonly failed: number;
  readonly held: number;
  readonly conflict: number;
  readonly unmanaged: number;
  readonly unsupported: number;
  readonly unacknowledged: number;
  readonly drifted: number;
  readonly wrongConfig: number;
  readonly pending: number;
}

/** Agents by each of their four facts, which are never merged into one: what bars and facets show. */
export interface StateCounts {
  readonly total: number;
  readonly connected: Readonly<Record<'yes' | 'no', number>>;
  readonly sync: Readonly<Record<Sync, number>>;
  readonly health: Readonly<Record<Health, number>>;
  readonly delivery: Readonly<Record<Delivery, number>>;
}

export interface ReportedFailure {
  readonly uid: string;
  readonly host: string;
  readonly reason: string;
}

export interface TenantReport {
  readonly state: StatusState;
  /** What its commit status says: what holds it back and where, as ASCII of at most 140 characters. */
  readonly description?: string;
  readonly agents: AgentCounts;
  readonly failures: readonly ReportedFailure[];
}

export interface ReportedAgent {
  readonly uid: string;
  readonly tenant: string;
  readonly config?: string;
  readonly delivery: Delivery;
  readonly sync: Sync;
  readonly health: Health;
  readonly desiredHash?: string;
  readonly appliedHash?: string;
  readonly effectiveHash?: string;
}

/** The fleet report: `/api/v1/revisions/{sha}` and the git note (contract.md, "Fleet report"). */
export interface FleetReport {
  readonly version: 1;
  readonly revision: CommitSha;
  readonly state: StatusState;
  /** What `muster/fleet` says. */
  readonly description?: string;
  /** RFC 3339, UTC. */
  readonly observedAt: string;
  /** When the verdict was success, RFC 3339, UTC. */
  readonly convergedAt?: string;
  /** From when the commit was taken up until then. */
  readonly seconds?: number;
  /** Of a commit whose rollout failed: the command that takes it back. */
  readonly revert?: string;
  readonly tenants: Readonly<Record<string, TenantReport>>;
  readonly agents: readonly ReportedAgent[];
  /** Observed effective configs in published form, by their hash. */
  readonly effectiveConfigs: Readonly<Record<string, string>>;
  readonly truncated?: true;
}
