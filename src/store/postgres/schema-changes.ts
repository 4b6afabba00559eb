import { type Kysely, sql } from 'kysely';
import { postgresTypes } from '../sql/column-types.ts';
import { failedPackages, initialTables } from '../sql/migrations.ts';

/**
 * One change of the tables, made while servers of the version before run on them: it adds, and takes away only what
 * no server has used since the version before.
 */
export interface SchemaChange {
  /** One more than the change before it. */
  readonly version: number;
  readonly name: string;
  /** The oldest version that can still work on the tables after it. */
  readonly bears: number;
  up(db: Kysely<unknown>): Promise<void>;
}

/**
 * One row, who leads; each renewal of the lease raises its beat. The term is its key, so that a fence (`for key share`) bars only the next leader, and not the
 * renewal of the lease.
 */
async function createLeader(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('leader')
    .addColumn('term', 'bigint', (c) => c.primaryKey())
    .addColumn('holder', postgresTypes.text, (c) => c.notNull())
    .addColumn('beat', 'bigint', (c) => c.notNull())
    .execute();
  await sql`insert into leader values (0, '', 0)`.execute(db);
}

/** Every change of the tables on PostgreSQL, in order; published ones never change. */
export const schemaChanges: readonly SchemaChange[] = [
  {
    version: 1,
    name: initialTables.name,
    bears: 1,
    async up(db) {
      await initialTables.up(db, postgresTypes);
      await createLeader(db);
      // Room for the next state of an agent on the page of the last one: no index has to be written for it.
      await sql`alter table roster_state set (fillfactor = 70)`.execute(db);
    },
  },
  { version: 2, name: failedPackages.name, bears: 1, up: (db) => failedPackages.up(db, postgresTypes) },
  {
    version: 3,
    name: '0003-leader-address',
    bears: 1,
    async up(db) {
      await db.schema
        .alterTable('leader')
        .addColumn('address', postgresTypes.text, (c) => c.notNull().defaultTo(''))
        .execute();
    },
  },
  {
    version: 4,
    name: '0004-no-renderings',
    bears: 1,
    async up(db) {
      // However much is there: to delete row by row could take longer than a change may.
      await sql`truncate rendering_file, rendering`.execute(db);
    },
  },
];
