import { jwtDecrypt } from 'jose/jwt/decrypt';
import { EncryptJWT } from 'jose/jwt/encrypt';
import type { RandomBytes } from '../enrollment-token.ts';

/** What a sign-in that is under way has to remember until the provider sends the browser back. */
export interface SignInRequest {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636, section 4.1. */
  readonly verifier: string;
  /** Where the browser goes when it is done. */
  readonly returnTo: string;
}

/** Seals requests into text that only this process can open, so that strangers who begin a sign-in take no memory. */
export interface RequestSeal {
  seal(request: SignInRequest): Promise<string>;
  /** Undefined where it is not of this process, was changed, or is older than ten minutes. */
  open(sealed: string): Promise<SignInRequest | undefined>;
}

/** Seconds that a sign-in may take at the provider. */
export const signInSeconds = 600;

const header = { alg: 'dir', enc: 'A256GCM' } as const;

/** Seals with a key of its own (RFC 7516, A256GCM). `now` is in milliseconds since the epoch. */
export function createRequestSeal(random: RandomBytes, now: () => number): RequestSeal {
  const key = random(32);
  return {
    seal: (request) =>
      new EncryptJWT({ ...request })
        .setProtectedHeader(header)
        .setExpirationTime(Math.floor(now() / 1_000) + signInSeconds)
        .encrypt(key),
    async open(sealed) {
      try {
        const { payload } = await jwtDecrypt<SignInRequest>(sealed, key, {
          currentDate: new Date(now()),
          keyManagementAlgorithms: [header.alg],
          contentEncryptionAlgorithms: [header.enc],
          requiredClaims: ['exp'],
        });
        return payload;
      } catch {
        return undefined;
      }
    },
  };
}
