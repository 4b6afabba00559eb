import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { MusterError } from '../../model/index.ts';
import { setAside } from './set-aside.ts';
import { isDamage, sqliteCode } from './store-failure.ts';

/** One connection to one database file. */
export type Connection = Database.Database;
/** Opens a connection; replaced in fault tests. */
export type Connect = (file: string) => Connection;

export interface OpenedDatabase {
  readonly connection: Connection;
  /** The name under which a damaged predecessor was kept, if there was one. */
  readonly setAside?: string;
}

/** The real `Connect`. */
export function connectLibsql(file: string): Connection {
  return new Database(file);
}

/**
 * Opens `file` for this process alone, waiting up to `lockWaitMs` for a predecessor that is just going. A file that is
 * no sound database is set aside and replaced by an empty one. Errors: `STORE_IN_USE` and `STORE_DIRECTORY` (stalled).
 */
export function openDatabase(file: string, lockWaitMs: number, connect: Connect): OpenedDatabase {
  prepareFile(file);
  try {
    return { connection: openSound(file, lockWaitMs, connect) };
  } catch (error) {
    if (!isDamage(error)) throw openFailure(error, file);
  }
  const name = setAside(file);
  prepareFile(file);
  return { connection: openSound(file, lockWaitMs, connect), setAside: name };
}

/** Lets go of the file: checkpointed, unlocked, one single file. Never throws. */
export function closeDatabase(connection: Connection): void {
  try {
    // Statements that are not collected yet keep the connection alive, so the lock is given back before.
    for (const pragma of ['journal_mode = DELETE', 'locking_mode = NORMAL', 'user_version']) {
      connection.prepare(`PRAGMA ${pragma}`).all();
    }
  } catch {
    // A database that is damaged or on a full disk cannot be tidied; the next start recovers it.
  }
  connection.close();
}

function openSound(file: string, lockWaitMs: number, connect: Connect): Connection {
  const connection = connect(file);
  try {
    // Exclusive before the first access: the lock then stands for the process, and dies with it.
    for (const pragma of [
      `busy_timeout = ${lockWaitMs}`,
      'locking_mode = EXCLUSIVE',
      'journal_mode = WAL',
      'synchronous = NORMAL',
      'journal_size_limit = 67108864',
    ]) {
      connection.prepare(`PRAGMA ${pragma}`).all();
    }
    const findings = connection.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
    const first = findings[0]?.quick_check ?? 'ok';
    if (first !== 'ok') throw new Database.SqliteError(first, 'SQLITE_CORRUPT');
    return connection;
  } catch (error) {
    closeDatabase(connection);
    throw error;
  }
}

function prepareFile(file: string): void {
  const directory = dirname(file);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw new MusterError('STORE_DIRECTORY', `the data directory ${directory} cannot be written`, {
      disposition: 'stalled',
      hint: 'Give --data-dir a folder that this user may write.',
      cause: error,
    });
  }
}

function openFailure(error: unknown, file: string): unknown {
  if (!sqliteCode(error).startsWith('SQLITE_BUSY')) return error;
  return new MusterError('STORE_IN_USE', `another process uses the data directory ${dirname(file)}`, {
    disposition: 'stalled',
    hint: 'Stop the other muster, or give this one its own --data-dir.',
    cause: error,
  });
}
