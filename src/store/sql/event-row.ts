import type { Selectable } from 'kysely';
import type { StoredEvent } from '../rows.ts';
import type { EventTable } from './tables.ts';

/** An event as its table keeps it: what lists filter by has columns, the rest is JSON. */
export function encodeEvent(event: StoredEvent): EventTable {
  const { id, at, kind, tenant, ...detail } = event;
  return { id, at: Math.round(at), kind, tenant: tenant ?? null, detail: JSON.stringify(detail) };
}

/** The inverse of `encodeEvent`. */
export function decodeEvent(row: Selectable<EventTable>): StoredEvent {
  const detail = JSON.parse(row.detail) as Omit<StoredEvent, 'id' | 'at' | 'kind' | 'tenant'>;
  const { id, at, kind, tenant } = row;
  return { id, at, kind, ...(tenant === null ? {} : { tenant }), ...detail };
}
