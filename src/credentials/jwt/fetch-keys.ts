import { MusterError } from '../../model/index.ts';
import type { KeySource } from './issuer-keys.ts';
import type { TrustedIssuer } from './trusted-issuers.ts';

/** How one document is to be fetched. */
export interface FetchOptions {
  /** Bytes past which the answer is given up. */
  readonly maxBytes: number;
  /** Milliseconds for everything. */
  readonly timeoutMs: number;
  /** PEM; the system's authorities where absent. */
  readonly ca?: string;
  /** Whether the host may have a private address. */
  readonly allowPrivate: boolean;
  readonly authorization?: string;
  /** Sent by POST, encoded as a form; by GET nothing is sent. */
  readonly form?: string;
}

/** An answer, whatever its status. */
export interface FetchedDocument {
  readonly status: number;
  /** The header of that name; empty where there is none. */
  readonly contentType: string;
  readonly body: string;
}

/** Gets a document and follows no redirect; rejects with what went wrong where no whole answer came. */
export type FetchDocument = (url: URL, options: FetchOptions) => Promise<FetchedDocument>;

export interface FetchKeysOptions {
  /** By issuer: those that may have private addresses, with what replaces discovery. */
  readonly trusted: ReadonlyMap<string, TrustedIssuer>;
  /** Allows `http:` issuers on loopback; for tests. */
  readonly allowInsecureIssuers?: boolean;
}

export interface FetchKeysDeps {
  readonly fetch: FetchDocument;
  /** Reads a file that `jwt.issuers` names. */
  readonly readFile: (path: string) => Promise<string>;
}

const maxBytes = 256 * 1024;
const timeoutMs = 5_000;
const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Finds key sets by OpenID Connect Discovery 1.0 (section 4), or at the address that the settings give for the issuer. */
export function createKeyFetcher(
  { fetch, readFile }: FetchKeysDeps,
  { trusted, allowInsecureIssuers = false }: FetchKeysOptions,
): KeySource {
  const permits = (url: URL): boolean =>
    url.protocol === 'https:' ||
    (allowInsecureIssuers && url.protocol === 'http:' && loopbackHost.test(url.hostname));

  async function fetchJson(text: string, issuer: string, own: TrustedIssuer | undefined): Promise<unknown> {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !permits(url) || url.username !== '' || url.password !== '')
      throw unavailable(issuer, 'its address is no https URL');
    const [ca, token] = await Promise.all([readOptional(own?.caFile), readOptional(own?.tokenFile)]);
    const { status, body } = await fetch(url, {
      maxBytes,
      timeoutMs,
      allowPrivate: own !== undefined || (allowInsecureIssuers && loopbackHost.test(url.hostname)),
      ...(ca !== undefined && { ca }),
      ...(token !== undefined && { authorization: `Bearer ${token.trim()}` }),
    });
    if (status !== 200) throw unavailable(issuer, `${url.host} answered ${status}`);
    return JSON.parse(body) as unknown;
  }

  const readOptional = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : readFile(path);

  async function discover(issuer: string, own: TrustedIssuer | undefined): Promise<string> {
    const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
    const found = await fetchJson(`${base}/.well-known/openid-configuration`, issuer, own);
    if (typeof found !== 'object' || found === null || !('issuer' in found) || found.issuer !== issuer)
      throw unavailable(issuer, 'its discovery document names another issuer');
    if (!('jwks_uri' in found) || typeof found.jwks_uri !== 'string')
      throw unavailable(issuer, 'its discovery document names no jwks_uri');
    return found.jwks_uri;
  }

  return async (issuer) => {
    const own = trusted.get(issuer);
    try {
      return await fetchJson(own?.keysUrl ?? (await discover(issuer, own)), issuer, own);
    } catch (error) {
      throw error instanceof MusterError ? error : unavailable(issuer, 'it cannot be reached', error);
    }
  };
}

function unavailable(issuer: string, reason: string, cause?: unknown): MusterError {
  return new MusterError('JWT_KEYS_UNAVAILABLE', `keys of the JWT issuer ${issuer}: ${reason}`, {
    disposition: 'transient',
    hint: 'Check the issuer’s address; one in the cluster, or with a private address, is listed in jwt.issuers.',
    cause,
  });
}
