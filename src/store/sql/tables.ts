import type { ColumnType } from 'kysely';
import type { RosterIdentity, RosterState } from '../roster-record.ts';

type Bytes = ColumnType<ArrayBuffer | Uint8Array, Uint8Array, Uint8Array>;

export interface KeyedTable {
  key: string;
  value: string;
}

export interface RevisionTable {
  revision: string;
  ref: string;
  tree: string;
  commit_info: string;
  committed_at: number;
  entries: string;
}

export interface EventTable {
  id: number;
  at: number;
  kind: string;
  tenant: string | null;
  detail: string;
}

/** The tables of the store; JSON is text, times are milliseconds since the epoch. */
export interface Tables {
  roster: RosterIdentity;
  roster_state: RosterState;
  fact: KeyedTable;
  outbox: KeyedTable;
  in_force: { tenant: string; revision: string };
  revision: RevisionTable;
  blob: { id: string; bytes: Bytes };
  event: EventTable;
}
