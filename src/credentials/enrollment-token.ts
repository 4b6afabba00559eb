import { createHash } from 'node:crypto';

/** Cryptographically strong random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

/** A new token, to be shown once, and what the fleet repo keeps of it. */
export interface EnrollmentToken {
  readonly token: string;
  /** SHA-256 of the token, hex: `tokenSha256` of an enrollment entry. */
  readonly sha256: string;
}

const prefix = 'muster_';
const secretLength = 43;
const checksumLength = 6;

/**
 * Makes a token of 256 random bits: `muster_`, the bits in base64url, six characters of checksum. The prefix lets
 * secret scanners find it, the checksum tells a mistyped token from a foreign one.
 */
export function createEnrollmentToken(random: RandomBytes): EnrollmentToken {
  const secret = Buffer.from(random(32)).toString('base64url');
  const token = prefix + secret + checksumOf(secret);
  return { token, sha256: hashToken(token) };
}

/** SHA-256 of a token's UTF-8 text in lower-case hex, as the fleet repo holds it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** Whether the text was meant to be a token of ours but is cut, mistyped or still a placeholder. */
export function isMistypedToken(token: string): boolean {
  if (!token.startsWith(prefix)) return false;
  const secret = token.slice(prefix.length, prefix.length + secretLength);
  return token !== prefix + secret + checksumOf(secret);
}

function checksumOf(secret: string): string {
  return createHash('sha256').update(`${prefix}${secret}`).digest('base64url').slice(0, checksumLength);
}
