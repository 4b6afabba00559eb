import { type Expression, sql } from 'kysely';

/** What the tables' columns are called by a database; every other type is spelled alike by all. */
export interface ColumnTypes {
  /** Text that is compared and ordered by its bytes. */
  readonly text: Expression<unknown>;
  readonly bytes: Expression<unknown>;
}

export const sqliteTypes: ColumnTypes = { text: sql`text`, bytes: sql`blob` };

/** Ranges over keys must not depend on the language that a database was made for. */
export const postgresTypes: ColumnTypes = { text: sql`text collate "C"`, bytes: sql`bytea` };
