import { configHash, instanceUid, type LabelValue } from '../model/index.ts';
import type { RosterRow } from './rows.ts';

/** Who an agent is, flat as engines carry and tables keep it; labels are JSON. */
export interface RosterIdentity {
  readonly uid: string;
  readonly tenant: string;
  readonly credential: string;
  readonly type: string;
  readonly labels: string;
  readonly first_seen_at: number;
}

/** How an agent stands, in a narrow row that is written often; failed hashes and packages are JSON. */
export interface RosterState {
  readonly uid: string;
  readonly capabilities: number;
  readonly status_hash: string;
  readonly status_state: string;
  readonly health: string;
  readonly offered_hash: string | null;
  readonly failed_hashes: string;
  readonly failed_packages: string;
  readonly last_seen_at: number;
  readonly said_goodbye: number;
}

export type RosterRecord = RosterIdentity & RosterState;

/** The part of a roster row that changes with its description or credential; clocks tell fractions, tables whole milliseconds. */
export function encodeIdentity(row: RosterRow): RosterIdentity {
  const { uid, tenant, credential, type, labels, firstSeenAt } = row;
  return {
    uid,
    tenant,
    credential,
    type,
    labels: JSON.stringify([...labels]),
    first_seen_at: Math.round(firstSeenAt),
  };
}

/** The part of a roster row that changes with its reports. */
export function encodeState(row: RosterRow): RosterState {
  return {
    uid: row.uid,
    capabilities: row.capabilities,
    status_hash: row.statusHash,
    status_state: row.statusState,
    health: row.health,
    offered_hash: row.offeredHash ?? null,
    failed_hashes: JSON.stringify(row.failedHashes),
    failed_packages: JSON.stringify(row.failedPackages),
    last_seen_at: Math.round(row.lastSeenAt),
    said_goodbye: row.saidGoodbye ? 1 : 0,
  };
}

/** The roster row of which these are the two parts. */
export function decodeRosterRow(row: RosterRecord): RosterRow {
  return {
    uid: instanceUid(row.uid),
    tenant: row.tenant,
    credential: row.credential,
    type: row.type as RosterRow['type'],
    labels: new Map(JSON.parse(row.labels) as [string, LabelValue][]),
    capabilities: row.capabilities,
    statusHash: row.status_hash === '' ? '' : configHash(row.status_hash),
    statusState: row.status_state as RosterRow['statusState'],
    health: row.health as RosterRow['health'],
    ...(row.offered_hash === null ? {} : { offeredHash: configHash(row.offered_hash) }),
    failedHashes: JSON.parse(row.failed_hashes) as RosterRow['failedHashes'],
    failedPackages: JSON.parse(row.failed_packages) as RosterRow['failedPackages'],
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    saidGoodbye: row.said_goodbye !== 0,
  };
}
