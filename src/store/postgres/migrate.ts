import { type Kysely, sql } from 'kysely';
import { MusterError } from '../../model/index.ts';
import { postgresCode } from './postgres-failure.ts';
import { type SchemaChange, schemaChanges } from './schema-changes.ts';
import { setTimeouts } from './set-timeouts.ts';

/** Any number, as long as every version uses the same. */
const migrationLock = 7_264_110_351;
/** A change waits no longer for servers that use the tables; then it is tried again. */
const lockMs = 5_000;
const changeMs = 60_000;

interface Standing {
  readonly version: number;
  readonly bears: number;
}

/**
 * Brings the tables to this version in one transaction, one server at a time. Tables of a later version are left as they
 * are where that bears servers of this one. Errors: `STORE_TOO_NEW` (stalled).
 */
export async function migrate(
  db: Kysely<unknown>,
  changes: readonly SchemaChange[] = schemaChanges,
): Promise<void> {
  const newest = changes.at(-1)?.version ?? 0;
  if (!isBehind(await readStanding(db), newest)) return;
  await db.transaction().execute(async (tx) => {
    await setTimeouts(tx, { statementMs: changeMs, lockMs, idleMs: changeMs });
    await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(tx);
    await sql`create table if not exists schema_version (
      version integer primary key,
      name text not null,
      bears integer not null,
      applied_at timestamptz not null default now()
    )`.execute(tx);
    // Another server may have made the change while this one waited.
    const standing = await readStanding(tx);
    if (!isBehind(standing, newest)) return;
    for (const change of changes.filter(({ version }) => version > standing.version)) {
      await change.up(tx);
      const { version, name, bears } = change;
      await sql`insert into schema_version values (${version}, ${name}, ${bears})`.execute(tx);
    }
  });
}

function isBehind({ version, bears }: Standing, ours: number): boolean {
  if (bears > ours) throw tooNew(version, bears, ours);
  return version < ours;
}

async function readStanding(db: Kysely<unknown>): Promise<Standing> {
  try {
    const { rows } = await sql<Standing>`
      select coalesce(max(version), 0) as version, coalesce(max(bears), 0) as bears from schema_version`.execute(
      db,
    );
    return rows[0] ?? { version: 0, bears: 0 };
  } catch (error) {
    if (postgresCode(error) === '42P01') return { version: 0, bears: 0 };
    throw error;
  }
}

function tooNew(version: number, bears: number, ours: number): MusterError {
  return new MusterError(
    'STORE_TOO_NEW',
    `the tables have version ${version}, which bears servers of ${bears} and later; this one is of ${ours}`,
    { disposition: 'stalled', hint: 'Run the newer version of Muster that made them, or one after it.' },
  );
}
