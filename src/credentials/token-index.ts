import { timingSafeEqual } from 'node:crypto';
import { type Authentication, reject } from './authentication.ts';
import { hashToken, isMistypedToken } from './enrollment-token.ts';
import type { StandingEntry } from './standing-entries.ts';

/** Judges enrollment tokens. */
export interface TokenIndex {
  judge(token: string): Authentication;
}

interface KnownToken {
  readonly digest: Uint8Array;
  readonly accepted: Authentication;
}

const nobody: Uint8Array = new Uint8Array(32);

/** An index of the token entries by hash. A token that asks for approval is good only for requesting a certificate. */
export function createTokenIndex(standing: readonly StandingEntry[]): TokenIndex {
  const known = new Map<string, KnownToken>();
  for (const { tenant, entry } of standing) {
    if (entry.kind !== 'token') continue;
    const hash = entry.tokenSha256.toLowerCase();
    if (known.has(hash)) continue;
    const scope = entry.approve === undefined ? 'full' : 'enroll';
    const accepted = { kind: 'accepted', tenant, credential: entry.name, scope } as const;
    known.set(hash, { digest: Buffer.from(hash, 'hex'), accepted });
  }
  return {
    judge(token) {
      const hash = hashToken(token);
      const found = known.get(hash);
      // The lookup is by hash, which a caller cannot steer; comparing again keeps even a miss at the same cost.
      const isSame = timingSafeEqual(found?.digest ?? nobody, Buffer.from(hash, 'hex'));
      if (found && isSame) return found.accepted;
      return isMistypedToken(token)
        ? reject(401, 'the enrollment token is cut or mistyped')
        : reject(401, 'the enrollment token is not known');
    },
  };
}
