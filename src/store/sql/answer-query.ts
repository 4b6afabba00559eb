import type { Kysely } from 'kysely';
import { type CommitSha, commitSha } from '../../model/index.ts';
import type { Answer, KeyedText, Query } from '../engine.ts';
import type { RosterRecord } from '../roster-record.ts';
import type { EventQuery, StoredEvent } from '../rows.ts';
import { decodeEvent } from './event-row.ts';
import { selectBlobs, selectRevision, selectRevisions } from './revision-rows.ts';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;

/** Answers one query from the database. */
export async function answerQuery<Q extends Query>(db: Db, query: Q): Promise<Answer<Q>> {
  return (await answer(db, query)) as Answer<Q>;
}

function answer(db: Db, query: Query): Promise<Answer<Query>> {
  switch (query.kind) {
    case 'rosterPage':
      return selectRosterPage(db, query.after, query.limit);
    case 'fact':
      return selectFact(db, query.key);
    case 'facts':
      return selectFacts(db, query.prefix);
    case 'outbox':
      return selectOutbox(db);
    case 'inForce':
      return selectInForce(db);
    case 'revision':
      return selectRevision(db, query.revision);
    case 'blobs':
      return selectBlobs(db, query.ids);
    case 'revisions':
      return selectRevisions(db);
    case 'events':
      return selectEvents(db, query.filter);
    case 'lastEventId':
      return selectLastEventId(db);
  }
}

function selectRosterPage(db: Db, after: string, limit: number): Promise<readonly RosterRecord[]> {
  return db
    .selectFrom('roster')
    .innerJoin('roster_state', 'roster_state.uid', 'roster.uid')
    .selectAll(['roster', 'roster_state'])
    .where('roster.uid', '>', after)
    .orderBy('roster.uid')
    .limit(limit)
    .execute();
}

async function selectFact(db: Db, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('fact').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

async function selectFacts(db: Db, prefix: string): Promise<readonly KeyedText[]> {
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where('key', '>=', prefix)
    .where('key', '<', `${prefix}\u{10ffff}`)
    .execute();
  return rows.map(({ key, value }) => [key, value] as const);
}

async function selectOutbox(db: Db): Promise<readonly KeyedText[]> {
  const rows = await db.selectFrom('outbox').selectAll().execute();
  return rows.map(({ key, value }) => [key, value] as const);
}

async function selectInForce(db: Db): Promise<ReadonlyMap<string, CommitSha>> {
  const rows = await db.selectFrom('in_force').selectAll().orderBy('tenant').execute();
  return new Map(rows.map(({ tenant, revision }) => [tenant, commitSha(revision)]));
}

async function selectEvents(db: Db, filter: EventQuery): Promise<readonly StoredEvent[]> {
  const { before, tenant, kind } = filter;
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .$if(before !== undefined, (qb) => qb.where('id', '<', before ?? 0))
    .$if(tenant !== undefined, (qb) => qb.where('tenant', '=', tenant ?? ''))
    .$if(kind !== undefined, (qb) => qb.where('kind', '=', kind ?? ''))
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute();
  return rows.map(decodeEvent);
}

async function selectLastEventId(db: Db): Promise<number> {
  const row = await db.selectFrom('event').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}
