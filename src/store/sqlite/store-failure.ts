import { isMusterError, MusterError } from '../../model/index.ts';

const reasons: readonly (readonly [code: string, reason: string])[] = [
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_READONLY', 'the data directory is read-only'],
  ['SQLITE_IOERR', 'the disk answers with an input/output error'],
  ['SQLITE_CANTOPEN', 'its files cannot be opened'],
  ['SQLITE_BUSY', 'another process holds it'],
  ['SQLITE_LOCKED', 'another process holds it'],
  ['SQLITE_NOMEM', 'there is no memory left'],
  ['SQLITE_PERM', 'its files may not be written'],
];
const damageCodes = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];
const refused = ['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH', 'SQLITE_TOOBIG', 'SQLITE_RANGE'];

/** The SQLite result code of an error (`SQLITE_FULL`), or `''` where it has none. */
export function sqliteCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Whether the error says that the file is no sound database. */
export function isDamage(error: unknown): boolean {
  return hasPrefix(sqliteCode(error), damageCodes);
}

/** What is said of a file that was kept as `name` and replaced by an empty one. */
export function damageNotice(name: string): string {
  return `muster.db was damaged; it is kept as ${name} and a new one was begun`;
}

/** The failure of the call that met a damaged file. */
export function damaged(name: string, cause?: unknown): MusterError {
  return new MusterError('STORE_CORRUPT', damageNotice(name), { disposition: 'transient', cause });
}

/** What an error of the database means to the store's callers. */
export function storeFailure(error: unknown): MusterError {
  if (isMusterError(error)) return error;
  const code = sqliteCode(error);
  if (hasPrefix(code, refused)) {
    return new MusterError('STORE_VALUE_REFUSED', `the store refuses a value (${code})`, {
      disposition: 'defect',
      cause: error,
    });
  }
  const reason = reasons.find(([prefix]) => code.startsWith(prefix))?.[1] ?? describe(error);
  return new MusterError('STORE_UNAVAILABLE', `the store cannot be written or read: ${reason}`, {
    disposition: 'transient',
    hint: 'Free space or mend the volume under --data-dir; Muster goes on from memory and recovers by itself.',
    cause: error,
  });
}

function hasPrefix(code: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code.startsWith(prefix));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
