import type { EventView, FleetEvent } from '../../model/index.ts';

/** Which past events. */
export interface EventQuery {
  readonly limit: number;
  readonly before?: string;
  /** One kind, or several with commas between. */
  readonly kind?: string;
  readonly tenant?: string;
  readonly agent?: string;
}

type StoredEvent = FleetEvent & { readonly id: string };

/** Reads the history, newest first. */
export type ReadEvents = (query: {
  readonly limit: number;
  readonly before?: string;
}) => Promise<readonly StoredEvent[]>;

/** Pages of the history that one answer may read, so that a rare kind does not read all of it. */
const maxPages = 10;
const pageSize = 100;

/** Past events that `sees` lets through, newest first; `next` is where to go on, null at the end of the history. */
export async function listEvents(
  readEvents: ReadEvents,
  {
    kind,
    tenant,
    agent,
    sees,
    limit,
    before,
  }: EventQuery & { readonly sees: (event: FleetEvent) => boolean },
): Promise<{ readonly items: readonly EventView[]; readonly next: string | null }> {
  const kinds = kind === undefined ? undefined : new Set(kind.split(','));
  const wanted = (event: FleetEvent) =>
    sees(event) &&
    (kinds?.has(event.kind) ?? true) &&
    (tenant === undefined || event.tenant === tenant) &&
    (agent === undefined || event.uid === agent);
  const found: StoredEvent[] = [];
  const size = Math.max(limit, pageSize);
  let next = before;
  for (let page = 0; page < maxPages && found.length < limit; page += 1) {
    const events = await readEvents({ limit: size, ...(next !== undefined && { before: next }) });
    found.push(...events.filter(wanted));
    next = events.length < size ? undefined : events.at(-1)?.id;
    if (next === undefined) break;
  }
  const items = found.slice(0, limit);
  const cut = found.length > limit ? items.at(-1)?.id : next;
  return { items: items.map(viewEvent), next: cut ?? null };
}

/** An event as others read it. */
export function viewEvent(event: StoredEvent): EventView {
  const { id, at, kind, tenant, uid, sha, actor, message } = event;
  return {
    id,
    at: new Date(at).toISOString(),
    kind,
    tenant: tenant ?? null,
    uid: uid ?? null,
    sha: sha ?? null,
    actor: actor ?? null,
    message,
  };
}
