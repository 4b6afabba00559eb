import { timingSafeEqual } from 'node:crypto';
import { type ApiRole, type ApiToken, digestToken, parseApiTokens } from './api-tokens.ts';
import { readBearerToken } from './presented-token.ts';

/** What is known of a caller of the HTTP API. */
export interface ApiCaller {
  readonly authorization: string | undefined;
  /** Whether the socket's peer is a loopback address. */
  readonly peerLoopback: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Whether a Forwarded or X-Forwarded-* header came along. */
  readonly forwarded: boolean;
}

/** What a caller may do; `name` tells callers apart in the event history without giving the token away. */
export interface ApiGrant {
  readonly role: ApiRole;
  readonly tenant: string;
  readonly name: string;
}

export type ApiAuthorization =
  | { readonly kind: 'granted'; readonly grant: ApiGrant }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly reason: string };

/** Decides who may use the HTTP API. */
export interface ApiAccess {
  /** Whether there is any token. */
  readonly takesTokens: boolean;
  /** Never throws, whatever the headers hold. */
  authorize(caller: ApiCaller): ApiAuthorization;
}

const localHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const localGrant: ApiGrant = { role: 'operator', tenant: '*', name: 'this computer' };

/**
 * Access by the setting `api.tokens`; without tokens, only for programs on this machine (contract.md, "HTTP"), and for
 * nobody where people sign in otherwise. Throws `API_TOKENS_INVALID` where the setting cannot be read.
 */
export function createApiAccess(setting: string, signsIn = false): ApiAccess {
  const tokens = parseApiTokens(setting);
  const isOpen = tokens.length === 0 && !signsIn;
  return {
    takesTokens: tokens.length > 0,
    authorize: (caller) => (isOpen ? judgeLocal(caller) : judgeToken(tokens, caller)),
  };
}

/** Only a Bearer header counts: a browser sends Basic credentials and cookies along with what other sites ask for. */
function judgeToken(tokens: readonly ApiToken[], { authorization }: ApiCaller): ApiAuthorization {
  const presented = readBearerToken(authorization);
  if (presented === undefined) return refuse(401, 'an API token is needed: Authorization: Bearer <token>');
  const digest = digestToken(presented);
  let found: ApiToken | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found = token;
  if (!found) return refuse(401, 'the API token is not known');
  const name = `${found.role} ${Buffer.from(digest).toString('hex').slice(0, 8)}`;
  return { kind: 'granted', grant: { role: found.role, tenant: found.tenant, name } };
}

function judgeLocal({ peerLoopback, forwarded, host, origin }: ApiCaller): ApiAuthorization {
  if (!peerLoopback || forwarded) {
    return refuse(
      403,
      'without api.tokens only this computer may use the API, and not through a proxy or another replica: set api.tokens',
    );
  }
  // A page of another site can have its name resolve to this machine, but not send another Host or Origin.
  if (host === undefined || !localHost.test(host)) {
    return refuse(403, 'without api.tokens the API answers only to localhost, 127.0.0.1 and [::1]');
  }
  if (origin !== undefined && !isSameHost(origin, host)) {
    return refuse(403, 'requests of other sites are refused');
  }
  return { kind: 'granted', grant: localGrant };
}

function isSameHost(origin: string, host: string): boolean {
  const authority = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1];
  return authority !== undefined && authority.toLowerCase() === host.toLowerCase();
}

function refuse(status: 401 | 403, reason: string): ApiAuthorization {
  return { kind: 'refused', status, reason };
}
