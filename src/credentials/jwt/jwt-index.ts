import { decodeJwt } from 'jose/jwt/decode';
import { type Authentication, reject } from '../authentication.ts';
import { compilePattern } from '../compile-pattern.ts';
import type { StandingEntry } from '../standing-entries.ts';
import type { JwtVerifier } from './jwt-verifier.ts';
import { hasAudience, type JwtClaims, matchClaims } from './match-claims.ts';

/** Judges JWTs. */
export interface JwtIndex {
  /** Undefined where the text is no JWT of an issuer that an entry names; never rejects. */
  judge(token: string): Promise<Authentication> | undefined;
}

interface KnownClaims {
  readonly tenant: string;
  readonly credential: string;
  readonly audience: string;
  readonly claims: ReadonlyMap<string, (text: string) => boolean>;
}

/** An index of the JWT entries by issuer: a token of another issuer never makes the server ask anybody for keys. */
export function createJwtIndex(standing: readonly StandingEntry[], verifier: JwtVerifier): JwtIndex {
  const byIssuer = indexIssuers(standing);

  async function verify(token: string, issuer: string, known: readonly KnownClaims[]) {
    const verified = await verifier.verify(token, issuer);
    if (verified.kind === 'unavailable') return reject(503, verified.reason);
    if (verified.kind === 'invalid') return reject(401, verified.reason);
    return judgeClaims(verified.claims, known);
  }

  return {
    judge(token) {
      const issuer = readIssuer(token);
      const known = issuer === undefined ? undefined : byIssuer.get(issuer);
      return issuer === undefined || !known ? undefined : verify(token, issuer, known);
    },
  };
}

function judgeClaims(claims: JwtClaims, known: readonly KnownClaims[]): Authentication {
  const [first, ...others] = known.filter(
    (entry) => hasAudience(claims, entry.audience) && matchClaims(claims, entry.claims),
  );
  if (!first) return reject(403, 'no enrollment names the audience and claims of this token');
  if (others.some(({ tenant }) => tenant !== first.tenant))
    return reject(403, 'several tenants claim this token, so it belongs to none');
  return { kind: 'accepted', tenant: first.tenant, credential: first.credential, scope: 'full' };
}

function indexIssuers(standing: readonly StandingEntry[]): ReadonlyMap<string, readonly KnownClaims[]> {
  const byIssuer = new Map<string, KnownClaims[]>();
  for (const { tenant, entry } of standing) {
    if (entry.kind !== 'jwt') continue;
    const claims = new Map([...entry.claims].map(([name, glob]) => [name, compilePattern(glob)]));
    const known = { tenant, credential: entry.name, audience: entry.audience, claims };
    byIssuer.set(entry.issuer, [...(byIssuer.get(entry.issuer) ?? []), known]);
  }
  return byIssuer;
}

/** The issuer that a token claims, before anything is proven. */
function readIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return iss;
  } catch {
    return undefined;
  }
}
