import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Batch, Mutation, MutationOf } from '../engine.ts';
import type { RosterIdentity, RosterState } from '../roster-record.ts';
import type { StoredEvent } from '../rows.ts';
import { chunk } from './chunk.ts';
import { encodeEvent } from './event-row.ts';
import { deleteRevision, insertRevision } from './revision-rows.ts';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;

/** Writes a batch through `db`, which is inside a transaction; `keptEvents` caps the history. */
export async function commitBatch(db: Db, batch: Batch, keptEvents: number): Promise<void> {
  await writeRoster(
    db,
    batch.mutations.filter((mutation) => mutation.kind === 'roster'),
  );
  for (const mutation of batch.mutations) await writeMutation(db, mutation);
  await writeEvents(db, batch.events, keptEvents);
}

async function writeMutation(db: Db, mutation: Mutation): Promise<void> {
  switch (mutation.kind) {
    case 'roster':
      return;
    case 'fact':
    case 'outbox':
      return writeKeyed(db, mutation);
    case 'inForce':
      return writeInForce(db, mutation);
    case 'revision':
      return mutation.content ? insertRevision(db, mutation.content) : deleteRevision(db, mutation.key);
  }
}

async function writeRoster(db: Db, mutations: readonly MutationOf<'roster'>[]): Promise<void> {
  const gone = mutations.filter(({ state }) => !state).map(({ key }) => key);
  for (const part of chunk(gone)) {
    await db.deleteFrom('roster').where('uid', 'in', part).execute();
    await db.deleteFrom('roster_state').where('uid', 'in', part).execute();
  }
  const identities = mutations.flatMap(({ identity }) => identity ?? []);
  for (const part of chunk(identities)) await upsertIdentities(db, part);
  const states = mutations.flatMap(({ state }) => state ?? []);
  for (const part of chunk(states)) await upsertStates(db, part);
}

async function upsertIdentities(db: Db, rows: readonly RosterIdentity[]): Promise<void> {
  const insert = db.insertInto('roster').values(rows);
  await insert.onConflict((oc) => oc.column('uid').doUpdateSet(excluded(rows))).execute();
}

async function upsertStates(db: Db, rows: readonly RosterState[]): Promise<void> {
  const insert = db.insertInto('roster_state').values(rows);
  await insert.onConflict((oc) => oc.column('uid').doUpdateSet(excluded(rows))).execute();
}

/** Every column but the key: setting that, even to itself, makes SQLite rewrite its index, at three times the cost. */
function excluded(rows: readonly object[]): Record<string, RawBuilder<never>> {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== 'uid');
  return Object.fromEntries(columns.map((column) => [column, sql.ref<never>(`excluded.${column}`)]));
}

async function writeKeyed(db: Db, mutation: MutationOf<'fact' | 'outbox'>): Promise<void> {
  const { kind, key, value } = mutation;
  if (value === undefined) {
    await db.deleteFrom(kind).where('key', '=', key).execute();
    return;
  }
  await db
    .insertInto(kind)
    .values({ key, value })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value }))
    .execute();
}

async function writeInForce(db: Db, mutation: MutationOf<'inForce'>): Promise<void> {
  await db.deleteFrom('in_force').execute();
  const rows = Array.from(mutation.tenants, ([tenant, revision]) => ({ tenant, revision }));
  for (const part of chunk(rows)) await db.insertInto('in_force').values(part).execute();
}

async function writeEvents(db: Db, events: readonly StoredEvent[], kept: number): Promise<void> {
  for (const part of chunk(events)) {
    await db
      .insertInto('event')
      .values(part.map(encodeEvent))
      .onConflict((oc) => oc.column('id').doNothing())
      .execute();
  }
  const last = events.at(-1);
  if (last)
    await db
      .deleteFrom('event')
      .where('id', '<=', last.id - kept)
      .execute();
}
