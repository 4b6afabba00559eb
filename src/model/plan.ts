import type { CommitSha } from './ids.ts';
import type { Position, Problem, Severity } from './problem.ts';

/** How merging would go: `conflict` is agents claimed twice or text that does not merge, `error` is problems. */
export type PlanState = 'ok' | 'conflict' | 'error';

/** One AgentConfig of one tenant. */
export interface PlannedConfig {
  readonly tenant: string;
  /** The AgentConfig's name. */
  readonly config: string;
}

/** An AgentConfig with how many agents something concerns. */
export interface PlannedAgents extends PlannedConfig {
  readonly agents: number;
}

/** How many agents a plan reaches. */
export interface PlanBlast {
  /** Agents that would be offered something else than they have. */
  readonly agents: number;
  /** All agents of the roster. */
  readonly ofAgents: number;
  /** Tenants with such an agent. */
  readonly tenants: number;
  /** Most agents first. */
  readonly byConfig: readonly PlannedAgents[];
}

/** Agents that would be left without a config, or an AgentConfig that would be gone. */
export interface PlannedRemoval extends PlannedAgents {
  /** Where the AgentConfig stands at the base. */
  readonly at?: Position;
  /** Whether the guard would hold the commit for the tenant. */
  readonly guarded: boolean;
}

/** Agents that two or more AgentConfigs match. */
export interface PlannedOverlap {
  readonly tenant: string;
  /** Names of the AgentConfigs, the owner first where there is one. */
  readonly configs: readonly string[];
  readonly agents: number;
  /** The AgentConfig that wins by priority; absent where equal priorities make it a conflict. */
  readonly owner?: string;
  /** Labels of one such agent. */
  readonly example: Readonly<Record<string, string>>;
}

/** An AgentConfig whose selector matches no agent of the roster. */
export interface OrphanSelector extends PlannedConfig, Position {
  /** Whether it matched agents at the base. */
  readonly matchedBefore: boolean;
}

/** Agents that pass from one AgentConfig to another. */
export interface PlannedHandover {
  readonly tenant: string;
  readonly from: string;
  readonly to: string;
  readonly agents: number;
}

/** A credential that the commit removes, with the agents that were admitted by it. */
export interface CredentialGoing {
  readonly tenant: string;
  /** The name of the `enrollment` entry. */
  readonly credential: string;
  readonly agents: number;
}

/** Agents that cannot run what they would get. */
export interface CannotRun extends PlannedAgents {
  /** What they lack: `processor/filter`, `version >=0.120.0`, `attribute host.name`. */
  readonly missing: readonly string[];
}

/** Agents that would get something else and are held for a reason of their own or their AgentConfig's. */
export interface PlannedHold extends PlannedAgents {
  /** As their status would say: `paused`. */
  readonly reason: string;
}

/** Something worth a second look in what would change, or a problem that the commit brings. */
export interface PlannedFinding extends PlannedConfig, Partial<Position> {
  /** Stable code (docs/rules.md). */
  readonly code: string;
  readonly severity: Severity;
  /** Without a secret. */
  readonly message: string;
}

/** One distinct change of rendered text, with the agents that it reaches. */
export interface PlannedDiff extends PlannedAgents {
  /** Hashes of the rendered configs; absent where there is none on that side. */
  readonly before?: string;
  readonly after?: string;
  /** One agent that gets it. */
  readonly sample?: string;
  /** A unified diff of the published form: no secret in it. Empty where the head may not be trusted with values. */
  readonly diff: string;
}

/** A plan with the pull request that it is of, and whether branch or fleet have moved since it was made. */
export interface PlanView extends Plan {
  readonly pull: { readonly number: number } | null;
  readonly stale: boolean;
}

/** What a revision would change if it were in force: plain data, complete, most important first in every list. */
export interface Plan {
  /** The head that is planned, and the commit that it is compared with. */
  readonly sha: CommitSha;
  readonly base: CommitSha;
  readonly state: PlanState;
  /** RFC 3339: when, and so on which fleet, it was made. */
  readonly plannedAt: string;
  /** Files in which head and base changed the same lines; then there is nothing else to tell. */
  readonly conflicts: readonly string[];
  readonly blast: PlanBlast;
  readonly removals: readonly PlannedRemoval[];
  /** Agents that no AgentConfig would match any more, by the config that they lose. */
  readonly unassigned: readonly PlannedAgents[];
  /** Agents that would get a config of ours for the first time: there is no way back. */
  readonly firstAdoptions: readonly PlannedAgents[];
  readonly overlaps: readonly PlannedOverlap[];
  readonly orphanSelectors: readonly OrphanSelector[];
  /** Owners that lose agents to another AgentConfig. */
  readonly losingOwner: readonly PlannedHandover[];
  readonly credentialsGoing: readonly CredentialGoing[];
  readonly cannotRun: readonly CannotRun[];
  readonly withheld: readonly PlannedHold[];
  readonly findings: readonly PlannedFinding[];
  /** Errors and warnings that the base does not have. */
  readonly problems: readonly Problem[];
  /** Tenants whose errors keep what is in force, though the head changes them; some may be the base's own. */
  readonly refused: readonly { readonly tenant: string; readonly errors: number }[];
  /** Why a guard would hold the commit, by tenant, in our words (`removes 12 of 40 agents`). */
  readonly held: readonly { readonly tenant: string; readonly reason: string }[];
  readonly diffs: readonly PlannedDiff[];
  /** Whether a limit cut any of the lists. */
  readonly truncated: boolean;
}
