import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWTHeaderParameters } from 'jose';
import { createLocalJWKSet, type LocalJWKSet } from 'jose/jwks/local';
import { MusterError } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';

/** Where an issuer's key set comes from; throws a `MusterError` where it cannot be had. */
export type KeySource = (issuer: string) => Promise<unknown>;

/** The issuer lists no key, or several, for a token's header. */
export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError';
}

/** One issuer's keys, fetched when they are needed. */
export interface IssuerKeys {
  /** The key that signed; throws `UnknownKeyError`, or a `MusterError` where the keys cannot be had. */
  find(header: JWTHeaderParameters, input: FlattenedJWSInput): Promise<CryptoKey>;
}

export interface IssuerKeysDeps {
  readonly keySource: KeySource;
  readonly clock: Clock;
}

interface KeySet {
  readonly pick: LocalJWKSet;
  /** On the monotonic clock. */
  readonly fetchedAt: number;
}

const minute = 60_000;
/** Keys are used this long without asking the issuer again. */
const freshMs = 10 * minute;
/** While the issuer is down, keys are used this long. */
const staleMs = 60 * minute;
/** Whatever callers show, an issuer is asked at most this often. */
const cooldownMs = 30_000;
const maxKeys = 100;

/** Keys kept for 10 minutes, for an hour while the issuer is down; asked for at most every 30 seconds, one request at a time. */
export function createIssuerKeys(issuer: string, { keySource, clock }: IssuerKeysDeps): IssuerKeys {
  let keys: KeySet | undefined;
  let failure: unknown;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    askedAt = clock.monotonic();
    try {
      keys = { pick: readKeySet(await keySource(issuer), issuer), fetchedAt: clock.monotonic() };
      failure = undefined;
    } catch (error) {
      failure = error;
    } finally {
      asking = undefined;
    }
  }

  /** Asks unless it did so just now; with requests under way, waits for theirs. */
  async function refresh(): Promise<void> {
    if (!asking && clock.monotonic() - askedAt >= cooldownMs) asking = ask();
    await asking;
  }

  const ageOf = ({ fetchedAt }: KeySet): number => clock.monotonic() - fetchedAt;

  async function current(): Promise<KeySet> {
    if (!keys || ageOf(keys) >= freshMs) await refresh();
    if (keys && ageOf(keys) < staleMs) return keys;
    throw failure ?? unavailable(`no keys of ${issuer} yet`);
  }

  return {
    async find(header, input) {
      const first = await current();
      try {
        return await first.pick(header, input);
      } catch {
        await refresh();
      }
      try {
        return await (await current()).pick(header, input);
      } catch (error) {
        throw error instanceof MusterError ? error : new UnknownKeyError('no key fits', { cause: error });
      }
    },
  };
}

function readKeySet(value: unknown, issuer: string): LocalJWKSet {
  const keys: unknown = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : [];
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > maxKeys)
    throw unavailable(`${issuer} answers with no key set of 1 to ${maxKeys} keys`);
  try {
    return createLocalJWKSet({ keys } satisfies JSONWebKeySet);
  } catch (cause) {
    throw unavailable(`${issuer} answers with no valid key set`, cause);
  }
}

function unavailable(message: string, cause?: unknown): MusterError {
  return new MusterError('JWT_KEYS_UNAVAILABLE', message, {
    disposition: 'transient',
    hint: 'Agents that show its tokens come back later; check the issuer, or list it in jwt.issuers.',
    cause,
  });
}
