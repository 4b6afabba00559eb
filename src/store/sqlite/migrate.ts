import { type Kysely, type MigrationProvider, Migrator } from 'kysely';
import { MusterError } from '../../model/index.ts';
import { sqliteTypes } from '../sql/column-types.ts';
import { tableChanges } from '../sql/migrations.ts';
import type { Tables } from '../sql/tables.ts';
import type { Connection } from './open-database.ts';
import { sqliteCode } from './store-failure.ts';

const provider: MigrationProvider = {
  getMigrations: async () =>
    Object.fromEntries(
      tableChanges.map(({ name, up }) => [name, { up: (db: Kysely<unknown>) => up(db, sqliteTypes) }]),
    ),
};

/** Brings the tables to this version in one transaction. Errors: `STORE_TOO_NEW` (stalled). */
export async function migrate(db: Kysely<Tables>, connection: Connection): Promise<void> {
  // The migrator opens no transaction on SQLite, and a kill between two statements must leave no half of a change.
  connection.exec('BEGIN IMMEDIATE');
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error === undefined) {
    connection.exec('COMMIT');
    return;
  }
  if (connection.inTransaction) connection.exec('ROLLBACK');
  if (sqliteCode(error) !== '') throw error;
  throw new MusterError('STORE_TOO_NEW', 'the store was written by a newer version of Muster', {
    disposition: 'stalled',
    hint: 'Run that version, or move muster.db away: what it holds is rebuilt from Git and the agents.',
    cause: error,
  });
}
