import type { CommitSha, InstanceUid, RepoContent } from '../model/index.ts';
import type {
  EventQuery,
  Fact,
  NewEvent,
  OutboxEntry,
  RevisionInfo,
  RosterRow,
  StoredEvent,
} from './rows.ts';

/** Agents seen. Written behind: memory is authoritative, and the last second may be lost in a crash. */
export interface RosterBook {
  /** Every row, in batches of at most 1,000. */
  load(): AsyncIterable<readonly RosterRow[]>;
  /** Hands over the newest row of an agent; rows of one uid replace each other until written. Never throws. */
  put(row: RosterRow): void;
  remove(uid: InstanceUid): void;
}

/** The files of revisions that must be at hand while the Git host is not. Equal blobs are kept once. */
export interface RevisionBook {
  /** Keeps `content`; blobs that a kept revision already has may be missing from `content.blobs`. */
  put(content: RepoContent): Promise<void>;
  /** With the bytes of all its kept blobs. */
  get(revision: CommitSha): Promise<RepoContent | undefined>;
  /** Ordered by commit time, newest first. */
  list(): Promise<readonly RevisionInfo[]>;
  /** Forgets a revision, and the blobs that no other one uses. */
  remove(revision: CommitSha): Promise<void>;
}

/** Which revision is in force for each tenant. */
export interface InForceBook {
  get(): Promise<ReadonlyMap<string, CommitSha>>;
  set(inForce: ReadonlyMap<string, CommitSha>): Promise<void>;
}

/** Messages to remotes; ordered by key. */
export interface OutboxBook {
  load(): Promise<readonly OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Small documents: approvals, verdicts, pins, rollout states. A value has at most 1 MiB as JSON. */
export interface FactBook {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Those whose key starts with `prefix`, ordered by key. */
  list(prefix: string): Promise<readonly Fact[]>;
}

/** The history for people, capped; written behind, and dropped rather than let grow while the disk is away. */
export interface EventBook {
  append(event: NewEvent): StoredEvent;
  /** Newest first. */
  list(query: EventQuery): Promise<readonly StoredEvent[]>;
}

/** Whether writes reach the disk. */
export interface StoreState {
  readonly status: 'ok' | 'degraded';
  /** Milliseconds since the epoch at which it became degraded. */
  readonly since?: number;
  /** Why it is degraded; one line, no secret. */
  readonly reason?: string;
  /** What the operator should know although writing works: a damaged file was set aside. */
  readonly notice?: string;
  /** Writes that wait for the disk. */
  readonly waiting: number;
  /** Events and writes given up since the start: 0 unless a limit was met. */
  readonly dropped: number;
}

/**
 * What neither Git nor the agents can tell (design.md, "State"). A promise of a write resolves once the write is
 * durable; while `state()` is degraded it resolves at once, the write is held in memory, is seen by every read, and
 * reaches the disk by itself when that is back. Reads see all writes before them.
 * Errors: `STORE_UNAVAILABLE` (transient), `STORE_CLOSED`, `STORE_VALUE_REFUSED` (defects).
 */
export interface Store {
  readonly roster: RosterBook;
  readonly revisions: RevisionBook;
  readonly inForce: InForceBook;
  readonly outbox: OutboxBook;
  readonly facts: FactBook;
  readonly events: EventBook;
  /** Resolves when everything handed over so far is written; rejects with `STORE_UNAVAILABLE` where it cannot be. */
  flush(): Promise<void>;
  /** Flushes if it can, and lets go of the files. Writes after it are refused; the second call does nothing. */
  close(): Promise<void>;
  state(): StoreState;
}
