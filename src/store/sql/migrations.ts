import type { Kysely, Migration, MigrationProvider } from 'kysely';
import { sql } from 'kysely';

async function createRoster(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('roster')
    .addColumn('uid', 'text', (c) => c.primaryKey().notNull())
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('credential', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('labels', 'text', (c) => c.notNull())
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('roster_state')
    .addColumn('uid', 'text', (c) => c.primaryKey().notNull())
    .addColumn('capabilities', 'bigint', (c) => c.notNull())
    .addColumn('status_hash', 'text', (c) => c.notNull())
    .addColumn('status_state', 'text', (c) => c.notNull())
    .addColumn('health', 'text', (c) => c.notNull())
    .addColumn('offered_hash', 'text')
    .addColumn('failed_hashes', 'text', (c) => c.notNull())
    .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('said_goodbye', 'integer', (c) => c.notNull())
    .execute();
}

async function createKeyed(db: Kysely<unknown>, table: string, key: string, value: string): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn(key, 'text', (c) => c.primaryKey().notNull())
    .addColumn(value, 'text', (c) => c.notNull())
    .execute();
}

async function createRevisions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('revision')
    .addColumn('revision', 'text', (c) => c.primaryKey().notNull())
    .addColumn('ref', 'text', (c) => c.notNull())
    .addColumn('tree', 'text', (c) => c.notNull())
    .addColumn('commit_info', 'text', (c) => c.notNull())
    .addColumn('committed_at', 'bigint', (c) => c.notNull())
    .addColumn('entries', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('revision_blob')
    .addColumn('revision', 'text', (c) => c.notNull())
    .addColumn('blob', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('revision_blob_key', ['revision', 'blob'])
    .execute();
  await db.schema.createIndex('revision_blob_by_blob').on('revision_blob').column('blob').execute();
  await db.schema
    .createTable('blob')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('bytes', sql`blob`, (c) => c.notNull())
    .execute();
}

async function createRenderings(db: Kysely<unknown>): Promise<void> {
  await createKeyed(db, 'rendering', 'hash', 'components');
  await db.schema
    .createTable('rendering_file')
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('content_type', 'text', (c) => c.notNull())
    .addColumn('body', sql`blob`, (c) => c.notNull())
    .addPrimaryKeyConstraint('rendering_file_key', ['hash', 'position'])
    .execute();
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('id', 'bigint', (c) => c.primaryKey().notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('tenant', 'text')
    .addColumn('detail', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('event_by_tenant').on('event').columns(['tenant', 'id']).execute();
}

const initial: Migration = {
  async up(db) {
    await createRoster(db);
    await createKeyed(db, 'fact', 'key', 'value');
    await createKeyed(db, 'outbox', 'key', 'value');
    await createKeyed(db, 'in_force', 'tenant', 'revision');
    await createRevisions(db);
    await createRenderings(db);
    await createEvents(db);
  },
};

const failedPackages: Migration = {
  async up(db) {
    await db.schema
      .alterTable('roster_state')
      .addColumn('failed_packages', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute();
  },
};

/** Every change of the tables, in order; names are never reused and published ones never change. */
export const migrationProvider: MigrationProvider = {
  getMigrations: () => Promise.resolve({ '0001-initial': initial, '0002-failed-packages': failedPackages }),
};
