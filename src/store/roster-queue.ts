import type { InstanceUid, Labels } from '../model/index.ts';
import type { MutationOf } from './engine.ts';
import { encodeIdentity, encodeState } from './roster-record.ts';
import type { RosterRow } from './rows.ts';

/** Roster rows on their way to the engine, the newest of each agent. */
export interface RosterQueue {
  /** Undefined removes the agent; returns false where the limit refused it. */
  add(uid: InstanceUid, row: RosterRow | undefined): boolean;
  /** The oldest `count` changes, flattened now, once however often they changed; they stay until settled. */
  peek(count: number): MutationOf<'roster'>[];
  /** Forgets a change, unless it was replaced meanwhile. */
  settle(mutation: MutationOf<'roster'>, written: boolean): void;
  /** The engine began with empty tables: identities are written again. */
  forgetWritten(): void;
  rows(): ReadonlyMap<InstanceUid, RosterRow | undefined>;
}

interface Identity {
  readonly labels: Labels;
  readonly tenant: string;
  readonly credential: string;
}

/** An empty queue for at most `limit` agents. */
export function createRosterQueue(limit: number): RosterQueue {
  const rows = new Map<InstanceUid, RosterRow | undefined>();
  /** What the mutations of the batch on its way were made of: there is one batch at a time. */
  const sources = new Map<MutationOf<'roster'>, RosterRow | undefined>();
  /** What the engine has: who an agent is changes rarely and is large, how it stands changes often and is narrow. */
  const written = new Map<InstanceUid, Identity>();

  function toMutation(key: InstanceUid, row: RosterRow | undefined): MutationOf<'roster'> {
    if (!row) return { kind: 'roster', key, identity: undefined, state: undefined };
    const identity = isSame(written.get(key), row) ? undefined : encodeIdentity(row);
    return { kind: 'roster', key, identity, state: encodeState(row) };
  }

  function noteWritten(key: InstanceUid, row: RosterRow | undefined): void {
    if (!row) written.delete(key);
    else if (!isSame(written.get(key), row)) written.set(key, identityOf(row));
  }

  return {
    add(uid, row) {
      if (rows.size >= limit && !rows.has(uid)) return false;
      rows.set(uid, row);
      return true;
    },
    peek(count) {
      sources.clear();
      const mutations: MutationOf<'roster'>[] = [];
      for (const [key, row] of rows) {
        if (mutations.length === count) break;
        const mutation = toMutation(key, row);
        sources.set(mutation, row);
        mutations.push(mutation);
      }
      return mutations;
    },
    settle(mutation, wasWritten) {
      const source = sources.get(mutation);
      sources.delete(mutation);
      if (wasWritten) noteWritten(mutation.key, source);
      if (rows.get(mutation.key) === source) rows.delete(mutation.key);
    },
    forgetWritten: () => written.clear(),
    rows: () => rows,
  };
}

function identityOf({ labels, tenant, credential }: RosterRow): Identity {
  return { labels, tenant, credential };
}

/** Labels are compared as objects: they are immutable, and made anew only when a description comes. */
function isSame(known: Identity | undefined, row: RosterRow): boolean {
  return known?.labels === row.labels && known.tenant === row.tenant && known.credential === row.credential;
}
