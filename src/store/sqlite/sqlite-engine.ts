import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import type { MusterError } from '../../model/index.ts';
import type { Batch, Engine } from '../engine.ts';
import { answerQuery } from '../sql/answer-query.ts';
import { commitBatch } from '../sql/commit-batch.ts';
import type { Tables } from '../sql/tables.ts';
import { storeClosed } from '../store-closed.ts';
import { migrate } from './migrate.ts';
import {
  type Connect,
  type Connection,
  closeDatabase,
  connectLibsql,
  openDatabase,
} from './open-database.ts';
import { setAside } from './set-aside.ts';
import { damaged, isDamage, storeFailure } from './store-failure.ts';

export interface SqliteEngineOptions {
  readonly dataDir: string;
  /** How long to wait for another process to let go, in milliseconds. */
  readonly lockWaitMs: number;
  /** Events that the history holds. */
  readonly keptEvents: number;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** The name under which a damaged predecessor was kept, if there was one. */
  readonly setAside?: string;
}

interface Opened {
  readonly connection: Connection;
  readonly db: Kysely<Tables>;
  readonly setAside?: string;
}

/**
 * An engine on `muster.db` in the data directory, in this thread. Found damaged later, the file is set aside, the call
 * that found it fails with `STORE_CORRUPT`, and the next one begins an empty file.
 */
export async function openSqliteEngine(
  options: SqliteEngineOptions,
  connect: Connect = connectLibsql,
): Promise<OpenedEngine> {
  const file = join(options.dataDir, 'muster.db');
  const open = () => openMigrated(file, options.lockWaitMs, connect);
  const first = await open().catch((error: unknown) => {
    throw storeFailure(error);
  });
  let current: Opened | undefined = first;
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;

  function inTurn<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const turn = tail.then(async () => {
      if (closed) throw storeClosed();
      try {
        return await work(current ?? (await reopen()));
      } catch (error) {
        throw isDamage(error) ? replaceDamaged(error) : storeFailure(error);
      }
    });
    tail = turn.catch(() => undefined);
    return turn;
  }

  async function reopen(): Promise<Opened> {
    current = await open();
    if (current.setAside !== undefined) throw damaged(current.setAside);
    return current;
  }

  function replaceDamaged(cause: unknown): MusterError {
    if (current) closeDatabase(current.connection);
    current = undefined;
    return damaged(setAside(file), cause);
  }

  async function close(): Promise<void> {
    await tail;
    closed = true;
    if (current) closeDatabase(current.connection);
    current = undefined;
  }

  const engine: Engine = {
    commit: (batch) => inTurn((opened) => writeTransaction(opened, batch, options.keptEvents)),
    query: (query) => inTurn((opened) => answerQuery(opened.db, query)),
    close,
  };
  return { engine, ...(first.setAside === undefined ? {} : { setAside: first.setAside }) };
}

async function openMigrated(file: string, lockWaitMs: number, connect: Connect): Promise<Opened> {
  const opened = openDatabase(file, lockWaitMs, connect);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: opened.connection }) });
  try {
    await migrate(db, opened.connection);
  } catch (error) {
    closeDatabase(opened.connection);
    throw error;
  }
  return { ...opened, db };
}

async function writeTransaction(opened: Opened, batch: Batch, keptEvents: number): Promise<void> {
  const { connection, db } = opened;
  connection.prepare(`PRAGMA synchronous = ${batch.durable ? 'FULL' : 'NORMAL'}`).all();
  connection.exec('BEGIN IMMEDIATE');
  try {
    await commitBatch(db, batch, keptEvents);
    connection.exec('COMMIT');
  } catch (error) {
    // SQLite ends the transaction itself on some faults, and a second rollback would hide the first error.
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
