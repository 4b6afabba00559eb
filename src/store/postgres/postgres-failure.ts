import { isMusterError, MusterError } from '../../model/index.ts';

/** By prefix of the SQLSTATE, the longest first; classes as in appendix A of PostgreSQL's manual. */
const reasons: readonly (readonly [state: string, reason: string])[] = [
  ['08P01', 'the server or a pooler before it refuses how Muster talks to it'],
  ['08', 'the connection was lost'],
  ['25006', 'it is read-only: a standby, or not promoted yet'],
  ['28', 'it does not accept the user or password of the store URL'],
  ['3D000', 'the database of the store URL does not exist'],
  ['40', 'another transaction was in the way'],
  ['42501', 'the user of the store URL may not use its tables'],
  ['42P01', 'its tables are gone'],
  ['53100', 'its disk is full'],
  ['53300', 'it has no connection left'],
  ['53', 'it has no resources left'],
  ['55P03', 'another transaction holds a lock'],
  ['57014', 'it took too long'],
  ['57P', 'it is shutting down or starting'],
  ['58', 'its disk answers with an error'],
];
/** What the database will never take: out of range, not text, against a constraint, too large. */
const refused = ['22', '23', '54'];
/** What waiting does not mend. */
const forPerson = ['28', '3D000', '42501', '08P01'];

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its network',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
};

/** The SQLSTATE of a database error or the code of a network error, or `''` where it has none. */
export function postgresCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** What an error of the database or of the way to it means to the store's callers. */
export function postgresFailure(error: unknown): MusterError {
  if (isMusterError(error)) return error;
  const code = postgresCode(error);
  if (hasPrefix(code, refused)) {
    return new MusterError('STORE_VALUE_REFUSED', `the store refuses a value (${code})`, {
      disposition: 'defect',
      cause: error,
    });
  }
  return new MusterError('STORE_UNAVAILABLE', `PostgreSQL cannot be used: ${reasonOf(error, code)}`, {
    disposition: 'transient',
    hint: hintOf(code),
    cause: error,
  });
}

/** The failure to open the store at all, for a person. */
export function openFailure(error: unknown, shownUrl: string): MusterError {
  if (isMusterError(error) && error.disposition === 'stalled') return error;
  const { message, hint } = postgresFailure(error);
  return new MusterError('STORE_UNREACHABLE', `${message} (${shownUrl})`, {
    disposition: 'stalled',
    hint: hint ?? 'Check --store.',
    cause: error,
  });
}

/** Whether trying again in a moment may help. */
export function isWorthRetry(error: unknown): boolean {
  if (isMusterError(error)) return error.disposition === 'transient';
  return !hasPrefix(postgresCode(error), forPerson);
}

function reasonOf(error: unknown, code: string): string {
  const known = networkReasons[code] ?? reasons.find(([prefix]) => code.startsWith(prefix))?.[1];
  // The words of a server or of TLS never hold the password.
  const words = error instanceof Error ? error.message : String(error);
  return known === undefined ? words : `${known} (${words === '' ? code : words})`;
}

function hintOf(code: string): string {
  if (code === '08P01')
    return 'Set pool_mode = transaction (or session) in pgbouncer, and see docs/operations.md, "PostgreSQL".';
  if (code === '42P01') return 'Restart Muster: it makes its tables at start.';
  if (hasPrefix(code, forPerson)) return 'Check --store and the rights of its user.';
  return 'Agents keep what they run, and Muster goes on by itself when PostgreSQL is back.';
}

function hasPrefix(code: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code.startsWith(prefix));
}
