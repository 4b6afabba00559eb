import type { FetchedDocument } from '../jwt/fetch-keys.ts';
import type { VerifiedJwt } from '../jwt/jwt-verifier.ts';
import type { JwtClaims } from '../jwt/match-claims.ts';

/**
 * What a userinfo endpoint says of `subject`, the one whom the ID token names (OpenID Connect Core 1.0, sections 5.3.2
 * and 5.3.4); invalid where it refuses, speaks of somebody else, or signs its answer.
 */
export function readUserinfo(answer: FetchedDocument, subject: unknown): VerifiedJwt {
  const { status, contentType, body } = answer;
  if (status !== 200) return invalid(`answered ${status}: have it take this client’s access tokens`);
  if (/^application\/jwt\b/i.test(contentType))
    return invalid('signs its answer: set this client to plain JSON there');
  const claims = parseClaims(body);
  if (!claims) return invalid('gives no JSON object: see what it answers with');
  if (claims.sub !== subject)
    return invalid('has another sub than the ID token: have both give the same one');
  return { kind: 'valid', claims };
}

function parseClaims(text: string): JwtClaims | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as JwtClaims) : undefined;
  } catch {
    return undefined;
  }
}

function invalid(what: string): VerifiedJwt {
  return {
    kind: 'invalid',
    reason: `the provider’s userinfo endpoint ${what}, or have the ID token hold the claims of oidc.roles`,
  };
}
