import { jwtVerify } from 'jose/jwt/verify';
import { isMusterError } from '../../model/index.ts';
import type { Clock, Logger } from '../../runtime/index.ts';
import { createIssuerKeys, type IssuerKeys, type KeySource, UnknownKeyError } from './issuer-keys.ts';
import type { JwtClaims } from './match-claims.ts';

/** `unavailable`: the issuer's keys cannot be had just now; reasons may be shown to the caller. */
export type VerifiedJwt =
  | { readonly kind: 'valid'; readonly claims: JwtClaims }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Checks JWTs against their issuers' keys. */
export interface JwtVerifier {
  /** Whether this issuer signed the token and it is valid now (RFC 7519 section 7.2); never rejects. */
  verify(token: string, issuer: string): Promise<VerifiedJwt>;
}

export interface JwtVerifierDeps {
  readonly keySource: KeySource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Nothing symmetric, and never `none`: what is published as a public key must not verify as a shared secret. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const leewaySeconds = 60;
const maxIssuers = 100;

/** Checks by the keys that `keySource` finds, kept per issuer; those of at most 100 issuers. */
export function createJwtVerifier({ keySource, clock, logger }: JwtVerifierDeps): JwtVerifier {
  const known = new Map<string, IssuerKeys>();

  /** The issuer used longest ago is forgotten first. */
  function keysOf(issuer: string): IssuerKeys {
    const keys = known.get(issuer) ?? createIssuerKeys(issuer, { keySource, clock });
    known.delete(issuer);
    known.set(issuer, keys);
    const [oldest] = known.keys();
    if (known.size > maxIssuers && oldest !== undefined) known.delete(oldest);
    return keys;
  }

  return {
    async verify(token, issuer) {
      const keys = keysOf(issuer);
      const currentDate = new Date(clock.now());
      try {
        const { payload } = await jwtVerify(token, (header, input) => keys.find(header, input), {
          issuer,
          algorithms,
          currentDate,
          clockTolerance: leewaySeconds,
          requiredClaims: ['exp'],
        });
        if (payload.iat !== undefined && payload.iat > currentDate.getTime() / 1000 + leewaySeconds)
          return { kind: 'invalid', reason: 'the token was issued in the future' };
        return { kind: 'valid', claims: payload };
      } catch (error) {
        if (!isMusterError(error)) return { kind: 'invalid', reason: describeFault(error) };
        logger.warn({ err: error, issuer }, 'the keys of a JWT issuer cannot be fetched');
        return { kind: 'unavailable', reason: 'the keys of the token’s issuer cannot be fetched now' };
      }
    },
  };
}

/** The library's texts may quote the token's claims, so only its codes are looked at. */
function describeFault(error: unknown): string {
  if (error instanceof UnknownKeyError) return 'the token is signed with a key that its issuer does not list';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'the token has expired';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return 'the token is not valid now, or lacks iss or exp';
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'the token is signed with an algorithm that is not accepted';
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'the token’s signature is wrong';
    default:
      return 'the token is no valid JWT';
  }
}
