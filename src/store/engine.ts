import type { BlobId, CommitSha, InstanceUid, RepoContent } from '../model/index.ts';
import type { RosterIdentity, RosterRecord, RosterState } from './roster-record.ts';
import type { EventQuery, RevisionInfo, StoredEvent } from './rows.ts';

/** One change to a keyed table; of several with the same kind and key only the last matters. JSON values are text. */
export type Mutation =
  | {
      readonly kind: 'roster';
      readonly key: InstanceUid;
      /** Left out where the engine has it already. */
      readonly identity: RosterIdentity | undefined;
      /** Undefined where the agent is removed. */
      readonly state: RosterState | undefined;
    }
  | { readonly kind: 'fact'; readonly key: string; readonly value: string | undefined }
  | { readonly kind: 'outbox'; readonly key: string; readonly value: string | undefined }
  | { readonly kind: 'inForce'; readonly key: ''; readonly tenants: ReadonlyMap<string, CommitSha> }
  | { readonly kind: 'revision'; readonly key: CommitSha; readonly content: RepoContent | undefined };

export type MutationOf<K extends Mutation['kind']> = Extract<Mutation, { readonly kind: K }>;

/** What one transaction writes: mutations in order, then events. */
export interface Batch {
  readonly mutations: readonly Mutation[];
  readonly events: readonly StoredEvent[];
  /** Whether the commit must survive a power cut, not only the death of the process. */
  readonly durable: boolean;
}

export type KeyedText = readonly [key: string, json: string];

/** Every question that the engine answers, with its answer. */
export interface Queries {
  rosterPage: { args: { after: string; limit: number }; answer: readonly RosterRecord[] };
  fact: { args: { key: string }; answer: string | undefined };
  facts: { args: { prefix: string }; answer: readonly KeyedText[] };
  outbox: { args: Record<never, never>; answer: readonly KeyedText[] };
  inForce: { args: Record<never, never>; answer: ReadonlyMap<string, CommitSha> };
  revision: { args: { revision: CommitSha }; answer: RepoContent | undefined };
  blobs: { args: { ids: readonly BlobId[] }; answer: ReadonlyMap<BlobId, Uint8Array> };
  revisions: { args: Record<never, never>; answer: readonly RevisionInfo[] };
  events: { args: { filter: EventQuery }; answer: readonly StoredEvent[] };
  lastEventId: { args: Record<never, never>; answer: number };
}

export type Query = { [K in keyof Queries]: { readonly kind: K } & Queries[K]['args'] }[keyof Queries];
export type Answer<Q extends Query> = Queries[Q['kind']]['answer'];

/**
 * A database behind the store, in this thread, in another, or on a server. Calls may overlap; they are answered as if
 * one after the other, in the order of the calls. Errors: `STORE_UNAVAILABLE` and `STORE_CORRUPT` (transient: the same
 * call may succeed later), `STORE_VALUE_REFUSED` and `STORE_CLOSED` (defects: it never will).
 */
export interface Engine {
  /** Applies the whole batch, or nothing of it. */
  commit(batch: Batch): Promise<void>;
  query<Q extends Query>(query: Q): Promise<Answer<Q>>;
  close(): Promise<void>;
}
