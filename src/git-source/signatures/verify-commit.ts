import { gitError } from '../git-errors.ts';
import { parseCommit } from '../object-format.ts';
import { findSigner } from './allowed-signers.ts';
import type { TrustedKeys } from './keys-file.ts';
import { type RunGpgv, runGpgv } from './run-gpgv.ts';
import { parseSshSignature } from './ssh-signature.ts';
import { verifyOpenPgp } from './verify-open-pgp.ts';

/** A commit's signature and the bytes that it signs: the commit without its signature headers. */
export interface SignedCommit {
  readonly payload: Buffer;
  readonly signature: string | undefined;
}

/** Takes a commit object apart; header lines are bytes, so that any message survives. */
export function splitSignedCommit(body: Uint8Array): SignedCommit {
  const text = Buffer.from(body).toString('latin1');
  const end = text.indexOf('\n\n');
  const headers = (end < 0 ? text : text.slice(0, end)).split('\n');
  const kept: string[] = [];
  const signature: string[] = [];
  let inside = false;
  for (const line of headers) {
    const start = /^gpgsig(?:-sha256)? (?<first>.*)$/.exec(line)?.groups?.first;
    inside = start !== undefined || (inside && line.startsWith(' '));
    if (inside) signature.push(start ?? line.slice(1));
    else kept.push(line);
  }
  const payload = Buffer.from(kept.join('\n') + (end < 0 ? '' : text.slice(end)), 'latin1');
  return { payload, signature: signature.length === 0 ? undefined : signature.join('\n') };
}

function refuse(sha: string, reason: string): never {
  throw gitError('GIT_UNVERIFIED', `commit ${sha.slice(0, 12)} ${reason}`);
}

/** Resolves to who signed the commit; rejects with GIT_UNVERIFIED unless one of `keys` did. */
export async function verifyCommit(
  sha: string,
  body: Uint8Array,
  keys: TrustedKeys,
  gpgv: RunGpgv = runGpgv,
): Promise<string> {
  const { payload, signature } = splitSignedCommit(body);
  if (signature === undefined) return refuse(sha, 'is not signed');
  if (signature.startsWith('-----BEGIN PGP SIGNATURE')) {
    const verdict = await verifyOpenPgp({ payload, signature, keyring: keys.openPgp }, gpgv);
    return 'signer' in verdict ? verdict.signer : refuse(sha, verdict.fault);
  }
  if (!signature.startsWith('-----BEGIN SSH'))
    return refuse(sha, 'is signed neither with an ssh key nor with OpenPGP');
  return verifySsh(sha, body, { payload, signature }, keys);
}

function verifySsh(
  sha: string,
  body: Uint8Array,
  { payload, signature }: { readonly payload: Buffer; readonly signature: string },
  { signers }: TrustedKeys,
): string {
  try {
    const parsed = parseSshSignature(signature);
    const signer = findSigner(signers, parsed.publicKey, parseCommit(body).committedAt);
    if (signer === undefined) return refuse(sha, 'is signed with a key that keysFile does not allow');
    return parsed.namespace === 'git' && parsed.signs(payload)
      ? signer
      : refuse(sha, 'has a signature that does not fit');
  } catch (error) {
    if (error instanceof RangeError)
      return refuse(sha, `has a signature that cannot be read: ${error.message}`);
    throw error;
  }
}
