import { Kysely, PostgresDialect, sql } from 'kysely';
import { MusterError } from '../../model/index.ts';
import type { Batch, Engine } from '../engine.ts';
import { answerQuery } from '../sql/answer-query.ts';
import { commitBatch } from '../sql/commit-batch.ts';
import type { Tables } from '../sql/tables.ts';
import { storeClosed } from '../store-closed.ts';
import { createConnection } from './connection.ts';
import { postgresFailure } from './postgres-failure.ts';
import { setTimeouts } from './set-timeouts.ts';

export interface PostgresEngineOptions {
  readonly url: string;
  /** Under which this process leads: once another leads under a later one, nothing is written any more. */
  readonly term: number;
  /** Events that the history holds. */
  readonly keptEvents: number;
  /** Milliseconds after which a statement that is not answered fails, and its connection is given up; 15,000 unless told. */
  readonly answerMs?: number;
}

const timeouts = { statementMs: 12_000, lockMs: 5_000, idleMs: 5_000 };
const connectMs = 5_000;

/**
 * An engine on the tables of a PostgreSQL database, over one connection that is made again whenever it was lost. Writes
 * are fenced: they fail with `STORE_FENCED` (stalled) once another process leads.
 */
export function openPostgresEngine({
  url,
  term,
  keptEvents,
  answerMs = 15_000,
}: PostgresEngineOptions): Engine {
  const connection = createConnection({ url, connectMs, answerMs });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connection }) });
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = tail.then(async () => {
      if (closed) throw storeClosed();
      try {
        return await work();
      } catch (error) {
        const failure = postgresFailure(error);
        // Whatever state the connection is in, nothing of it is worth keeping.
        if (failure.code === 'STORE_UNAVAILABLE') connection.drop();
        throw failure;
      }
    });
    tail = turn.catch(() => undefined);
    return turn;
  }

  return {
    commit: (batch) => inTurn(() => writeTransaction(db, batch, { term, keptEvents })),
    query: (query) => inTurn(() => answerQuery(db, query)),
    async close() {
      if (closed) return;
      await tail;
      closed = true;
      await connection.end();
    },
  };
}

async function writeTransaction(
  db: Kysely<Tables>,
  batch: Batch,
  { term, keptEvents }: Pick<PostgresEngineOptions, 'term' | 'keptEvents'>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await setTimeouts(tx, timeouts);
    if (!batch.durable) await sql`set local synchronous_commit = off`.execute(tx);
    const fence = await sql`select 1 from leader where term = ${term} for key share`.execute(tx);
    if (fence.rows.length === 0) throw fenced();
    await commitBatch(tx, batch, keptEvents);
  });
}

function fenced(): MusterError {
  return new MusterError('STORE_FENCED', 'another process leads: this one may not write any more', {
    disposition: 'stalled',
    hint: 'It stands by from now on; see docs/operations.md, "Several replicas".',
  });
}
