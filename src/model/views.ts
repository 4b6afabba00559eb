import type { Difference } from './agent.ts';
import type { Position, ProblemView } from './problem.ts';
import type { PackageState, RemoteConfigState } from './report.ts';
import type { LabelSelector } from './selector.ts';
import type { AgentCounts, ReportedAgent, StateCounts, StatusState } from './status.ts';

/** One page of a list; `next` is null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  /** Give it back as `cursor` for the next page. */
  readonly next: string | null;
}

/** Orders of a list of agents: by host, by when they were last seen, longest ago first, and what is worst first. */
export const agentSorts = ['host', 'seen', 'worst'] as const;
export type AgentSort = (typeof agentSorts)[number];

/** A page of agents, with how many there are without the filter, and what else could be filtered by. */
export interface AgentPage extends Page<AgentView> {
  /** Agents in scope, whatever the filter. */
  readonly of: number;
  /** By the name of the fact: its values among the agents that pass, with counts, most agents first. */
  readonly facets: Readonly<Record<string, readonly (readonly [string, number])[]>>;
}

/** A page of problems, with how many there are without the filter. */
export interface ProblemPage extends Page<ProblemView> {
  readonly errors: number;
  readonly warnings: number;
  /** The commit that has them. */
  readonly revision: string | null;
}

/** One agent as lists show it. */
export interface AgentView extends ReportedAgent {
  readonly host: string;
  readonly connected: boolean;
  readonly reason: string | null;
  readonly version: string;
  readonly labels: Readonly<Record<string, string | readonly string[]>>;
  /** RFC 3339. */
  readonly lastSeenAt: string;
  /** Hash of its build's components as it reports it, equal for equal builds; null where it reports none. */
  readonly buildHash: string | null;
  /** Name of what it was admitted by: an entry of `enrollment`, or `anonymous`. */
  readonly credential: string;
}

/** One agent with everything that is kept of it; nothing unredacted. */
export interface AgentDetail extends AgentView {
  readonly transport: 'ws' | 'http';
  readonly capabilities: readonly string[];
  readonly firstSeenAt: string;
  /** When the agent's process started, as it reports in its health; null where unknown. */
  readonly startedAt: string | null;
  readonly lastError: string;
  readonly offered: { readonly hash: string; readonly at: string } | null;
  readonly refused: readonly { readonly hash: string; readonly at: string; readonly reason: string }[];
  /** Redacted; null where none was reported or it left the cache. */
  readonly effectiveConfig: string | null;
  /** What its build holds, as `kind/type`; null where that is not known. */
  readonly components: readonly string[] | null;
  /** What may be wrong and holds nothing back, one line each, such as components that its build may lack. */
  readonly warnings: readonly string[];
  readonly connection: AgentConnectionView;
  readonly packages: AgentPackagesView;
  /** Name of the enrollment entry that admitted it. */
  readonly credential: string;
  /** The commit that is in force for its tenant. */
  readonly revision: string | null;
  /** As the agent reports it; null where it reports none. */
  readonly componentHealth: ComponentHealthView | null;
  /** The layers of its desired config, first to last. */
  readonly layers: readonly { readonly path: string; readonly overlay: string | null }[];
  /** Whether it can be told to restart, and if not, why. */
  readonly restart: { readonly can: boolean; readonly why: string | null };
}

/** One node of an agent's health tree. */
export interface ComponentHealthView {
  readonly name: string;
  readonly healthy: boolean;
  readonly status: string;
  readonly error: string;
  readonly children: readonly ComponentHealthView[];
}

/** Why an agent gets what it gets: the credential that gave it its tenant, and each AgentConfig as it competed. */
export interface AgentWhy {
  readonly tenant: string;
  readonly credential: string;
  readonly outcome: string;
  readonly configs: readonly {
    readonly config: string;
    readonly at: Position;
    readonly priority: number;
    readonly matches: boolean;
    /** The first requirement that does not hold, as one writes it. */
    readonly failing: string | null;
    readonly overlays: readonly {
      readonly overlay: string;
      readonly applies: boolean;
      readonly failing: string | null;
    }[];
  }[];
}

/** What an agent is to have beside its config, and what went out; hashes in hex, times RFC 3339, reasons without a secret. */
interface SettingsOfferView {
  /** The manifest that decides; null where none matches. */
  readonly manifest: string | null;
  /** What it comes to for this agent; null where nothing is offered. */
  readonly desiredHash: string | null;
  /** Why nothing is offered, or what is left out. */
  readonly reason: string | null;
  readonly offered: { readonly hash: string; readonly at: string } | null;
}

/** Where an agent stands with its connection settings and its client certificate. */
export interface AgentConnectionView extends SettingsOfferView {
  readonly status: {
    readonly hash: string;
    readonly state: RemoteConfigState;
    readonly error: string;
  } | null;
  /** The newest that this server issued for it. */
  readonly certificate: {
    readonly fingerprint: string;
    readonly notBefore: string;
    readonly notAfter: string;
  } | null;
}

/** Where an agent stands with its packages. */
export interface AgentPackagesView extends SettingsOfferView {
  readonly status: {
    readonly hash: string;
    readonly error: string;
    readonly packages: readonly AgentPackageView[];
  } | null;
}

/** One package as an agent reports it. */
export interface AgentPackageView {
  readonly name: string;
  readonly state: PackageState;
  readonly version: string;
  readonly offeredVersion: string;
  readonly error: string;
  /** 0 to 100; null unless it downloads and tells. */
  readonly downloadPercent: number | null;
}

/** Desired against effective config of one agent. */
export interface AgentDiff {
  readonly uid: string;
  readonly verdict: string | null;
  readonly reason: string | null;
  readonly differences: readonly Difference[];
  readonly desired: string | null;
  readonly effective: string | null;
  /** Both texts side by side, effective left; empty where one of them is missing or too large. */
  readonly rows: readonly DiffRow[];
}

/**
 * One line of both texts: `same`; `differs`, which the verdict counts; or `ignored`, where the texts differ and the
 * comparison does not mind. A side is null where it has no such line.
 */
export interface DiffRow {
  readonly kind: 'same' | 'differs' | 'ignored';
  readonly left: string | null;
  readonly right: string | null;
  /** Where in the fleet repo the right side was set, of lines that differ. */
  readonly source: Position | null;
}

/** One tenant: what is in force, who may join, how its agents stand. */
export interface TenantView {
  readonly tenant: string;
  readonly owners: readonly string[];
  readonly inForce: string | null;
  readonly held: { readonly sha: string; readonly reason: string } | null;
  readonly problems: { readonly errors: number; readonly warnings: number };
  readonly agents: AgentCounts;
  readonly states: StateCounts;
  /** The status that stands on the newest revision that changed it. */
  readonly status: { readonly sha: string; readonly state: StatusState; readonly description: string } | null;
  /** Its agents that no AgentConfig matches. */
  readonly unmanaged: number;
  readonly enrollment: readonly { readonly name: string; readonly kind: string }[];
  readonly configs: readonly TenantConfigView[];
}

/** A tenant without its AgentConfigs. */
export type TenantHead = Omit<TenantView, 'configs'>;

/** One AgentConfig of a tenant and how its agents stand. */
export interface TenantConfigView {
  readonly config: string;
  readonly type: string;
  readonly priority: number;
  readonly file: Position;
  readonly agents: AgentCounts;
  readonly states: StateCounts;
  readonly selector: LabelSelector;
}

/** One revision that was taken up, with its statuses. Times are RFC 3339. */
export interface RevisionView {
  readonly sha: string;
  readonly ref: string;
  readonly subject: string;
  readonly author: string;
  readonly committedAt: string;
  readonly seenAt: string;
  readonly supersededBy: string | null;
  readonly statuses: readonly {
    readonly context: string;
    readonly state: StatusState;
    readonly description: string;
  }[];
}

/** Addresses at the Git host, with `{sha}`, `{path}`, `{line}` and `{number}` to fill in. */
export interface RepoLinks {
  readonly commit: string;
  /** Of a line of a file. */
  readonly file: string;
  /** Of a pull request. */
  readonly pull: string;
}

/** The fleet in numbers, and how the server itself stands. */
export interface FleetSummary {
  readonly server: { readonly version: string; readonly name: string | null };
  readonly repo: { readonly url: string; readonly branch: string; readonly links: RepoLinks | null };
  readonly revision: RevisionView | null;
  readonly poll: unknown;
  readonly store: unknown;
  readonly delivery: unknown;
  readonly tenants: number;
  readonly agents: AgentCounts;
  readonly problems: { readonly errors: number; readonly warnings: number };
  readonly stopped: string | null;
  /** RFC 3339. */
  readonly now: string;
  readonly states: StateCounts;
  /** Tenants by the state of their commit status. */
  readonly tenantStates: Readonly<Record<StatusState, number>>;
  /** What somebody should look at, worst first, at most 50. */
  readonly attention: readonly AttentionView[];
}

export type AttentionKind =
  | 'wrongConfig'
  | 'rolledBack'
  | 'failed'
  | 'problem'
  | 'held'
  | 'conflict'
  | 'drift'
  | 'unacknowledged'
  | 'claimedTwice';

/** One line of what needs attention; agents with the same trouble are one. */
export interface AttentionView {
  readonly kind: AttentionKind;
  readonly tenant: string;
  readonly config: string | null;
  readonly title: string;
  readonly text: string;
  /** RFC 3339; null where it is not kept. */
  readonly since: string | null;
  /** The view that tells more, relative to the page. */
  readonly href: string;
}

/** A commit as its own page shows it: the report without agents and texts. */
export interface RevisionSummary extends RevisionView {
  readonly state: StatusState;
  readonly tenants: readonly RevisionTenantView[];
  /** Seconds from when it was taken up until its agents had converged. */
  readonly seconds: number | null;
  /** How to take it back, where it failed. */
  readonly revert: string | null;
}

/** What one commit did to one tenant; at most 100 failures. */
export interface RevisionTenantView {
  readonly tenant: string;
  readonly state: StatusState;
  readonly description: string;
  readonly agents: AgentCounts;
  readonly failures: readonly { readonly uid: string; readonly host: string; readonly reason: string }[];
}

/** Who is signed in, and for how long. */
export interface SessionView {
  readonly name: string;
  readonly role: 'viewer' | 'operator';
  /** Null is every tenant. */
  readonly tenant: string | null;
  /** Whether there was no need to sign in. */
  readonly loopback: boolean;
  readonly version: string;
  readonly server: string | null;
}

/** How people may sign in to the page. */
export interface SignInView {
  /** Whether by a token. */
  readonly token: boolean;
  /** What the OpenID provider is called; null where there is none. */
  readonly singleSignOn: string | null;
}

/** One past event. */
export interface EventView {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly tenant: string | null;
  readonly uid: string | null;
  readonly sha: string | null;
  readonly actor: string | null;
  readonly message: string;
}
