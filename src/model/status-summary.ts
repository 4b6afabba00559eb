import type { CommitSha } from './ids.ts';
import type { Position } from './problem.ts';
import type { AgentCounts, CommitStatus, ReportedFailure, StatusState } from './status.ts';

/** Errors that somebody committed: how many, and where the first one is. */
export interface ProblemSummary {
  readonly count: number;
  readonly first?: Position;
}

/** The commit that replaced this one, and how it fares. */
export interface Successor {
  readonly sha: CommitSha;
  readonly state: StatusState;
}

/** One AgentConfig's rollout in a status; `text` is at most 100 characters, without any config value. */
export interface RolloutStanding {
  readonly config: string;
  readonly state: StatusState;
  readonly text: string;
}

/** How the agents of the Packages that a commit changes stand; who takes no packages is not counted. */
export interface PackagesStanding {
  readonly matched: number;
  /** Connected, or fallen silent after an offer. */
  readonly connected: number;
  /** Of those, as the rest: all packages installed. */
  readonly installed: number;
  readonly failed: number;
  /** Offered nothing, since a package has no file for their platform, or the server does not have it. */
  readonly held: number;
  /** Offered, without a way to tell what became of it. */
  readonly unconfirmed: number;
  /** The first few that failed. */
  readonly failures: readonly ReportedFailure[];
  /** How the rollouts of these Packages stand, where any goes by steps; then they make the verdict. */
  readonly rollouts?: readonly RolloutStanding[];
}

/** What the status of one commit has to tell about one tenant whose desired configs or problems it changes. */
export interface TenantSummary {
  readonly tenant: string;
  /** Errors only; warnings do not fail a tenant. */
  readonly problems: ProblemSummary;
  /** The revision that stays in force for the tenant while this one has errors or is held. */
  readonly keeps?: CommitSha;
  /** Why a guard holds the revision, in our words (`removes 12 of 40 agents`). */
  readonly guard?: string;
  /** Counts over the agents of the AgentConfigs that this commit changes. */
  readonly agents: AgentCounts;
  /** Agents that failed, worst first; the first few are named. */
  readonly failures: readonly ReportedFailure[];
  /** The manifests that claim the same agents, where `agents.conflict` is not 0. */
  readonly conflicts?: readonly string[];
  /** Of `agents.held`, those held on purpose (paused, frozen, stopped): they wait, the others fail the status. */
  readonly paused?: number;
  /** Why the others are held, in our words or an agent's; reduced to a class before it is shown. */
  readonly heldReason?: string;
  /** How the rollouts of its AgentConfigs stand, where any goes by steps; then they make the verdict. */
  readonly rollouts?: readonly RolloutStanding[];
  /** Where the commit changes Packages of the tenant. */
  readonly packages?: PackagesStanding;
  /** Whether a verdict can be given: nobody is in flight, or the failure budget is broken. */
  readonly settled: boolean;
  /** Whether the server started less than two liveness limits ago, so that the roster may not be back yet. */
  readonly starting: boolean;
  readonly supersededBy?: Successor;
  /** How often an operator retried, resumed or approved for this tenant and commit: a rise reopens a verdict. */
  readonly attempt?: number;
  /** A fault of ours that makes a verdict impossible: its stable code. */
  readonly fault?: string;
}

/** Everything that the commit statuses of one revision are composed from. */
export interface StatusSummary {
  readonly sha: CommitSha;
  readonly instance?: string;
  /** Base URL of the page, without a trailing slash. */
  readonly publicUrl?: string;
  /** Whether the tree under `--path` differs from the previous head's. */
  readonly fleetChanged: boolean;
  /** The tenants whose desired configs or problems this commit changes, in name order. */
  readonly tenants: readonly TenantSummary[];
  /** Errors that this commit brought and that count against no tenant. */
  readonly problems?: ProblemSummary;
  /** All errors of the revision, and its number of warnings, for `muster/validate`. */
  readonly validation: { readonly errors: ProblemSummary; readonly warnings: number };
  readonly supersededBy?: Successor;
  /** As in `TenantSummary`, for acts that concern the whole commit. */
  readonly attempt?: number;
  readonly fault?: string;
}

/** A commit status with what decides whether it may follow another one. */
export interface StandingStatus extends CommitStatus {
  /** Set on a failure because of a wrong config: the one failure that may follow a success. */
  readonly cause?: 'wrong-config';
  /** How often an operator has reopened the commit for this context. */
  readonly attempt: number;
}

/** A revision that should be taken back, with the tenants in which its rollout failed. */
export interface RevertProposal {
  readonly sha: CommitSha;
  /** First line of its message. */
  readonly subject: string;
  readonly failed: readonly TenantSummary[];
}
