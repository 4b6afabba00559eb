import type { ConfigHash, InstanceUid } from './ids.ts';

/** Bits of `AgentToServer.capabilities` (OpAMP spec, AgentCapabilities). */
export const agentCapability = {
  reportsStatus: 0x1,
  acceptsRemoteConfig: 0x2,
  reportsEffectiveConfig: 0x4,
  acceptsPackages: 0x8,
  reportsPackageStatuses: 0x10,
  reportsOwnTraces: 0x20,
  reportsOwnMetrics: 0x40,
  reportsOwnLogs: 0x80,
  acceptsOpampConnectionSettings: 0x100,
  acceptsOtherConnectionSettings: 0x200,
  acceptsRestartCommand: 0x400,
  reportsHealth: 0x800,
  reportsRemoteConfig: 0x1000,
  reportsHeartbeat: 0x2000,
  reportsAvailableComponents: 0x4000,
  reportsConnectionSettingsStatus: 0x8000,
} as const;

export type AttributeValue =
  | null
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

export interface AgentDescription {
  readonly identifying: readonly Attribute[];
  readonly nonIdentifying: readonly Attribute[];
}

/** ComponentHealth; nanosecond stamps stay bigint, 0n when not running. The tree is cut at a depth of 16. */
export interface ComponentHealth {
  readonly healthy: boolean;
  readonly startTimeUnixNano: bigint;
  readonly lastError: string;
  readonly status: string;
  readonly statusTimeUnixNano: bigint;
  readonly components: ReadonlyMap<string, ComponentHealth>;
}

export type RemoteConfigState = 'unset' | 'applied' | 'applying' | 'failed';

export interface RemoteConfigStatus {
  /** Hex of the opaque hash bytes; empty where the agent has none. */
  readonly hash: ConfigHash | '';
  readonly state: RemoteConfigState;
  readonly errorMessage: string;
}

export interface ReportedFile {
  readonly key: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** ConnectionSettingsStatus; the states are those of remote configs. */
export interface ConnectionSettingsStatus {
  /** Hex; empty where the agent took none yet. */
  readonly hash: string;
  readonly state: RemoteConfigState;
  readonly errorMessage: string;
}

export type PackageState = 'installed' | 'install-pending' | 'installing' | 'install-failed' | 'downloading';

/** PackageStatus of one package; hashes in hex, empty where unset. */
export interface PackageStatus {
  readonly name: string;
  readonly hasVersion: string;
  readonly hasHash: string;
  readonly offeredVersion: string;
  readonly offeredHash: string;
  readonly state: PackageState;
  readonly errorMessage: string;
  /** 0 to 100, while it downloads and the agent tells. */
  readonly downloadPercent?: number;
}

/** PackageStatuses. */
export interface PackageStatuses {
  readonly packages: ReadonlyMap<string, PackageStatus>;
  /** Hex of the `all_packages_hash` that the agent last worked on; empty before. */
  readonly offeredHash: string;
  readonly errorMessage: string;
}

/** CustomMessage of either direction. */
export interface CustomMessage {
  readonly capability: string;
  readonly type: string;
  readonly data: Uint8Array;
}

/** One decoded AgentToServer. Absent members are unchanged (OpAMP, Agent Status Compression). */
export interface AgentReport {
  readonly uid: InstanceUid;
  readonly sequence: number;
  /** Low 53 bits; 0 means "not stated" (C-STAT-9). */
  readonly capabilities: number;
  readonly description?: AgentDescription;
  readonly health?: ComponentHealth;
  readonly effectiveConfig?: { readonly files: readonly ReportedFile[] };
  readonly remoteConfigStatus?: RemoteConfigStatus;
  readonly disconnect: boolean;
  readonly requestsUid: boolean;
  /** Custom capabilities, where the message lists them. */
  readonly customCapabilities?: readonly string[];
  readonly availableComponentsHash?: string;
  /** Components of the agent's build as `kind/type`, where the message lists them. */
  readonly availableComponents?: readonly string[];
  readonly connectionSettingsStatus?: ConnectionSettingsStatus;
  readonly packageStatuses?: PackageStatuses;
  /** PEM of the CSR in a connection_settings_request, as it came. */
  readonly certificateRequest?: Uint8Array;
  readonly customMessage?: CustomMessage;
}
