import { type Kysely, sql } from 'kysely';

export interface Timeouts {
  readonly statementMs: number;
  readonly lockMs: number;
  /** Between two statements: a server that stops in the middle gives its locks back. */
  readonly idleMs: number;
}

/** Limits the transaction that `db` is in; a pooler hands its connection on without them. */
export async function setTimeouts<DB>(
  db: Kysely<DB>,
  { statementMs, lockMs, idleMs }: Timeouts,
): Promise<void> {
  await sql`select set_config('statement_timeout', ${String(statementMs)}, true),
    set_config('lock_timeout', ${String(lockMs)}, true),
    set_config('idle_in_transaction_session_timeout', ${String(idleMs)}, true)`.execute(db);
}
