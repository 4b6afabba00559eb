import type {
  AgentType,
  CommitInfo,
  CommitSha,
  ConfigHash,
  FailedHash,
  Health,
  InstanceUid,
  Labels,
  RemoteConfigState,
} from '../model/index.ts';

/** What survives of an agent: enough to know who should be back, what they run and what they refused. */
export interface RosterRow {
  readonly uid: InstanceUid;
  readonly tenant: string;
  /** Name of the enrollment entry that admitted it. */
  readonly credential: string;
  readonly type: AgentType;
  readonly labels: Labels;
  readonly capabilities: number;
  /** The last reported remote config status; `''` and `unset` where there was none. */
  readonly statusHash: ConfigHash | '';
  readonly statusState: RemoteConfigState;
  readonly health: Health;
  /** The hash of the last offer, if there was one. */
  readonly offeredHash?: ConfigHash | undefined;
  /** The agent's part of the failure ledger (fleet-repo.md, "Failure ledger"), newest last. */
  readonly failedHashes: readonly FailedHash[];
  /** The same for packages. */
  readonly failedPackages: readonly FailedHash[];
  /** Milliseconds since the epoch; `lastSeenAt` may lag by as much as the caller chooses not to write. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly saidGoodbye: boolean;
}

/** A message that must reach a remote however often we crash; `value` is plain JSON. */
export interface OutboxEntry {
  readonly key: string;
  readonly value: unknown;
}

/** A small document under a key; `value` is plain JSON. */
export interface Fact {
  readonly key: string;
  readonly value: unknown;
}

/** Something that happened, for people: who or what did what, when. Never holds a config value. */
export interface NewEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `revision`, `rollout`, `verdict`, `action`, … */
  readonly kind: string;
  /** Absent where it concerns the whole fleet. */
  readonly tenant?: string;
  readonly actor: { readonly kind: 'person' | 'commit' | 'agent' | 'muster'; readonly name: string };
  /** What it is about: `{agent: uid}`, `{rollout: id}`, `{revision: sha}`, … */
  readonly subject: Readonly<Record<string, string>>;
  readonly text: string;
  readonly reason?: string;
  /** How many alike it stands for; 1 unless told. */
  readonly count?: number;
}

/** An event with its place in the history: ids ascend without reuse, over restarts too. */
export interface StoredEvent extends NewEvent {
  readonly id: number;
}

export interface EventQuery {
  /** Only events with a smaller id: the cursor. */
  readonly before?: number;
  /** At most 1,000. */
  readonly limit: number;
  readonly tenant?: string;
  readonly kind?: string;
}

/** One kept revision, without its files. */
export interface RevisionInfo {
  readonly revision: CommitSha;
  readonly ref: string;
  readonly tree: string;
  readonly commit: CommitInfo;
}
