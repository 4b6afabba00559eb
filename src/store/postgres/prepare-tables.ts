import { Kysely, PostgresDialect } from 'kysely';
import { createConnection } from './connection.ts';
import { migrate } from './migrate.ts';

const connectMs = 5_000;
/** A change of a large table takes its time. */
const answerMs = 90_000;

/** Makes or changes the tables where this version asks for it. Errors: those of PostgreSQL, and `STORE_TOO_NEW` (stalled). */
export async function prepareTables(url: string): Promise<void> {
  const connection = createConnection({ url, connectMs, answerMs });
  try {
    await migrate(new Kysely<unknown>({ dialect: new PostgresDialect({ pool: connection }) }));
  } finally {
    connection.drop();
  }
}
