import type { ConfigHash, InstanceUid } from './ids.ts';
import type { AgentType } from './manifest.ts';
import type { Position } from './problem.ts';
import type {
  ComponentHealth,
  ConnectionSettingsStatus,
  PackageStatuses,
  RemoteConfigStatus,
} from './report.ts';
import type { Labels } from './selector.ts';

/** Where desired config stands on its way to an agent. */
export type Delivery =
  | 'unmanaged'
  | 'orphaned'
  | 'unsupported'
  | 'conflict'
  | 'held'
  | 'offered'
  | 'applying'
  | 'applied'
  | 'failed'
  | 'unacknowledged'
  | 'pending';

export type Sync = 'Synced' | 'OutOfSync' | 'Unknown';
export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Missing' | 'Unknown';

/** One difference between desired and effective. Values are already redacted. */
export interface Difference {
  /** Path in the collector's `a::b` form. */
  readonly path: string;
  readonly desired: string;
  readonly effective: string;
  /** Where in the fleet repo the desired value was set; absent where it is nowhere in it. */
  readonly setBy?: Position;
}

/** The outcome of comparing a reported effective config with the desired one. */
export interface EffectiveVerdict {
  readonly verdict: 'in-sync' | 'drift' | 'wrong-config' | 'unreadable';
  /** At most 50. */
  readonly differences: readonly Difference[];
  /** Why it is a wrong config, where it is. */
  readonly reason?: string;
}

/** What is kept of a reported effective config: nothing unredacted. */
export interface EffectiveConfig {
  /** SHA-256 hex of the redacted text. */
  readonly hash: string;
  /** SHA-256 hex of the reported bytes, to see change without keeping them. */
  readonly rawHash: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Of a bridge: the resources that an offer without them would delete; known once the report was inspected. */
  readonly keys?: readonly string[];
  /** The desired hash that it is judged against, if any; while `verdict` is absent the comparison is under way. */
  readonly against?: ConfigHash;
  readonly verdict?: EffectiveVerdict;
}

/** The last offer made to an agent. */
export interface Offered {
  readonly hash: ConfigHash;
  readonly at: number;
  /** When this hash was offered for the first time in a row; retries do not move it. */
  readonly firstAt: number;
  /** The connection that it went out on; HTTP agents have one name for all their requests. */
  readonly connection: string;
  /** Whether the agent has since reported another hash, so that the offer may be made again. */
  readonly denied: boolean;
  /** What it was offered as; absent where no rollout decided it. */
  readonly kind?: 'target' | 'last-good' | 'pin';
}

/**
 * What is known of one agent: the merged state of its reports. Immutable; a report makes a new one.
 * Times are milliseconds since the epoch.
 */
export interface AgentState {
  readonly uid: InstanceUid;
  readonly tenant: string;
  /** Name of the enrollment entry that admitted it; `anonymous` without enrollment. */
  readonly credential: string;
  readonly type: AgentType;
  /** False until a description has come: nothing is offered before. */
  readonly described: boolean;
  readonly labels: Labels;
  readonly capabilities: number;
  readonly sequence: number;
  readonly health?: ComponentHealth | undefined;
  readonly remoteConfigStatus?: RemoteConfigStatus | undefined;
  /** When the first status with the hash of `remoteConfigStatus` came. */
  readonly statusHashAt?: number | undefined;
  /** When the status became `applied` for that hash. */
  readonly appliedAt?: number | undefined;
  /** Since when its health is as it is now; moves when `healthy` flips. */
  readonly healthSince?: number | undefined;
  /** Whether it was unhealthy when the last offer was made: then ill health afterwards is not the config's fault. */
  readonly unhealthyBefore?: boolean | undefined;
  readonly effective?: EffectiveConfig | undefined;
  /** The hash for which the full state was asked because no effective config had come with it: asked once. */
  readonly effectiveAskedFor?: ConfigHash | undefined;
  readonly connected: boolean;
  readonly connection: string;
  readonly transport: 'ws' | 'http';
  /** Whether its connection is encrypted, or does not leave the machine. */
  readonly secure: boolean;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly disconnectedAt?: number | undefined;
  /** Whether it said goodbye (`agent_disconnect`) rather than falling silent. */
  readonly saidGoodbye: boolean;
  /** When the one outstanding ReportFullState was asked. */
  readonly fullStateAskedAt?: number | undefined;
  readonly offered?: Offered | undefined;
  /** The build's components by hash; what they are is known once per hash, not per agent. */
  readonly componentsHash?: string | undefined;
  readonly connectionSettingsStatus?: ConnectionSettingsStatus | undefined;
  /** The last connection settings sent. */
  readonly connectionOffered?: SettingsOffered | undefined;
  readonly packageStatuses?: PackageStatuses | undefined;
  readonly customCapabilities?: readonly string[] | undefined;
  /** Hashes that this agent reported FAILED, newest last, at most 16: the failure ledger. */
  readonly failedHashes: readonly FailedHash[];
  /** Since when it is known to run a target, and whether it has settled well on it; another hash replaces it. */
  readonly settling?: Settling | undefined;
  /** How it stands with the packages that it was offered: what a Package's rollout reads and keeps of it. */
  readonly packageProgress?: PackageProgress | undefined;
}

/** How an agent stands with its packages, as `AgentState` has it for configs; made from its package statuses. */
export interface PackageProgress {
  readonly offered?: Offered | undefined;
  readonly unhealthyBefore?: boolean | undefined;
  /** What its statuses come to, as one: failed where any package is, applied where all are installed. */
  readonly status?: RemoteConfigStatus | undefined;
  readonly statusHashAt?: number | undefined;
  readonly appliedAt?: number | undefined;
  readonly failedHashes: readonly FailedHash[];
  readonly settling?: Settling | undefined;
}

/** How far an agent has come with one hash: kept, so that what it once settled on is not judged again. */
export interface Settling {
  readonly hash: ConfigHash;
  /** When it was first seen to run the hash. */
  readonly since: number;
  /** When it had settled well. */
  readonly settledAt?: number;
}

/** An offer of connection settings that went out. */
export interface SettingsOffered {
  /** Hex. */
  readonly hash: string;
  readonly at: number;
  readonly connection: string;
  /** How often in a row it went out; absent means once. */
  readonly times?: number;
  /** Whether the agent comes back on a new connection when it takes it. */
  readonly reconnects?: boolean;
}

export interface FailedHash {
  readonly hash: ConfigHash;
  readonly at: number;
  readonly reason: string;
  /** `service.version` at the time: a new version ends the entry. */
  readonly version: string;
  /** How it failed, in words that are safe to publish; absent where the agent reported FAILED. */
  readonly cause?: string;
}
