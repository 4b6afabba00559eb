import { openPostgresEngine, type PostgresEngineOptions } from '../postgres/postgres-engine.ts';
import { type OpenedEngine, openSqliteEngine, type SqliteEngineOptions } from '../sqlite/sqlite-engine.ts';

/** Which database a thread is to open. */
export type EngineOptions =
  | ({ readonly database: 'sqlite' } & SqliteEngineOptions)
  | ({ readonly database: 'postgres' } & PostgresEngineOptions);

/** Opens the engine in the thread that calls. */
export async function openEngine(options: EngineOptions): Promise<OpenedEngine> {
  if (options.database === 'sqlite') return openSqliteEngine(options);
  return { engine: openPostgresEngine(options) };
}
