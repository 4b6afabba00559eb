import { createHash, timingSafeEqual } from 'node:crypto';
import { hasAudience, type JwtClaims } from '../jwt/match-claims.ts';

/** What is wrong with an ID token, besides what is true of every JWT (OpenID Connect Core 1.0, section 3.1.3.7). */
export function findTokenFault(claims: JwtClaims, clientId: string, nonce: string): string | undefined {
  if (!hasAudience(claims, clientId)) return 'the ID token is for another client';
  const isShared = Array.isArray(claims.aud) && claims.aud.length > 1;
  if (claims.azp === undefined ? isShared : claims.azp !== clientId)
    return 'the ID token was made for another client';
  if (typeof claims.nonce !== 'string' || !isSameText(claims.nonce, nonce))
    return 'the ID token is not of this sign-in';
  return typeof claims.sub === 'string' && claims.sub !== '' ? undefined : 'the ID token names nobody';
}

/** Compares without telling by its time how far two texts agree. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
