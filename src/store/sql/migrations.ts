import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

async function createRoster(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('roster')
    .addColumn('uid', types.text, (c) => c.primaryKey().notNull())
    .addColumn('tenant', types.text, (c) => c.notNull())
    .addColumn('credential', types.text, (c) => c.notNull())
    .addColumn('type', types.text, (c) => c.notNull())
    .addColumn('labels', types.text, (c) => c.notNull())
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('roster_state')
    .addColumn('uid', types.text, (c) => c.primaryKey().notNull())
    .addColumn('capabilities', 'bigint', (c) => c.notNull())
    .addColumn('status_hash', types.text, (c) => c.notNull())
    .addColumn('status_state', types.text, (c) => c.notNull())
    .addColumn('health', types.text, (c) => c.notNull())
    .addColumn('offered_hash', types.text)
    .addColumn('failed_hashes', types.text, (c) => c.notNull())
    .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('said_goodbye', 'integer', (c) => c.notNull())
    .execute();
}

async function createKeyed(
  db: Kysely<unknown>,
  types: ColumnTypes,
  table: string,
  key: string,
  value: string,
): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn(key, types.text, (c) => c.primaryKey().notNull())
    .addColumn(value, types.text, (c) => c.notNull())
    .execute();
}

async function createRevisions(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('revision')
    .addColumn('revision', types.text, (c) => c.primaryKey().notNull())
    .addColumn('ref', types.text, (c) => c.notNull())
    .addColumn('tree', types.text, (c) => c.notNull())
    .addColumn('commit_info', types.text, (c) => c.notNull())
    .addColumn('committed_at', 'bigint', (c) => c.notNull())
    .addColumn('entries', types.text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('blob')
    .addColumn('id', types.text, (c) => c.primaryKey().notNull())
    .addColumn('bytes', types.bytes, (c) => c.notNull())
    .execute();
}

async function createRenderings(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createKeyed(db, types, 'rendering', 'hash', 'components');
  await db.schema
    .createTable('rendering_file')
    .addColumn('hash', types.text, (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('key', types.text, (c) => c.notNull())
    .addColumn('content_type', types.text, (c) => c.notNull())
    .addColumn('body', types.bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint('rendering_file_key', ['hash', 'position'])
    .execute();
}

async function createEvents(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('id', 'bigint', (c) => c.primaryKey().notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('kind', types.text, (c) => c.notNull())
    .addColumn('tenant', types.text)
    .addColumn('detail', types.text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('event_by_tenant').on('event').columns(['tenant', 'id']).execute();
}

async function createTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createRoster(db, types);
  await createKeyed(db, types, 'fact', 'key', 'value');
  await createKeyed(db, types, 'outbox', 'key', 'value');
  await createKeyed(db, types, 'in_force', 'tenant', 'revision');
  await createRevisions(db, types);
  await createRenderings(db, types);
  await createEvents(db, types);
}

/** One change of the tables. */
export interface TableChange {
  /** Never reused. */
  readonly name: string;
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}

/** The tables of the first version. */
export const initialTables: TableChange = { name: '0001-initial', up: createTables };

/** The part of the failure ledger that is about packages. */
export const failedPackages: TableChange = {
  name: '0002-failed-packages',
  async up(db, types) {
    await db.schema
      .alterTable('roster_state')
      .addColumn('failed_packages', types.text, (c) => c.notNull().defaultTo('[]'))
      .execute();
  },
};

/**
 * What is rendered is not kept any more (docs/decisions/0034-renderings-are-not-stored.md). The tables stay, since a server of
 * the version before may still lead and write to them.
 */
export const noRenderings: TableChange = {
  name: '0003-no-renderings',
  async up(db) {
    await sql`delete from rendering_file`.execute(db);
    await sql`delete from rendering`.execute(db);
  },
};

/** Every change of the tables, in order; published ones never change. */
export const tableChanges: readonly TableChange[] = [initialTables, failedPackages, noRenderings];
