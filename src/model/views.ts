import type { Difference } from './agent.ts';
import type { Position } from './problem.ts';
import type { PackageState, RemoteConfigState } from './report.ts';
import type { RolloutPhase } from './rollout.ts';
import type { AgentCounts, ReportedAgent, StatusState } from './status.ts';

/** One page of a list; `next` is null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  /** Give it back as `cursor` for the next page. */
  readonly next: string | null;
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
}

/** One tenant: what is in force, who may join, how its agents stand. */
export interface TenantView {
  readonly tenant: string;
  readonly owners: readonly string[];
  readonly inForce: string | null;
  readonly held: { readonly sha: string; readonly reason: string } | null;
  readonly problems: { readonly errors: number; readonly warnings: number };
  readonly agents: AgentCounts;
  readonly enrollment: readonly { readonly name: string; readonly kind: string }[];
  readonly configs: readonly TenantConfigView[];
}

/** One AgentConfig of a tenant and how its agents stand. */
export interface TenantConfigView {
  readonly config: string;
  readonly type: string;
  readonly priority: number;
  readonly file: Position;
  readonly agents: AgentCounts;
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

/** The fleet in numbers, and how the server itself stands. */
export interface FleetSummary {
  readonly server: { readonly version: string; readonly name: string | null };
  readonly repo: { readonly url: string; readonly branch: string };
  readonly revision: RevisionView | null;
  readonly poll: unknown;
  readonly store: unknown;
  readonly delivery: unknown;
  readonly tenants: number;
  readonly agents: AgentCounts;
  readonly problems: { readonly errors: number; readonly warnings: number };
  readonly stopped: string | null;
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

/** The rollout of one AgentConfig or Package as lists show it. Times are RFC 3339. */
export interface RolloutView {
  /** `<tenant>/<config>`, or `<tenant>/package/<name>`. */
  readonly id: string;
  readonly kind: 'AgentConfig' | 'Package';
  readonly tenant: string;
  /** Name of the AgentConfig or Package. */
  readonly config: string;
  readonly policy: string;
  readonly phase: RolloutPhase;
  readonly status: StatusState;
  readonly text: string;
  /** The commit that first asked for its target. */
  readonly revision: string;
  readonly lastGood: string | null;
  /** The step under way; null before the first. */
  readonly step: string | null;
  readonly steps: readonly string[];
  readonly paused: string | null;
  readonly pinned: { readonly to: string; readonly reason: string } | null;
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly agents: {
    readonly matched: number;
    readonly connected: number;
    readonly applied: number;
    readonly settled: number;
    readonly failed: number;
    readonly inFlight: number;
    readonly held: number;
  };
}
