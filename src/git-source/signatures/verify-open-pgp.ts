import type { OpenPgpSignature, RunGpgv } from './run-gpgv.ts';

/** Who signed, or why that is not believed, to be said after `commit 1a2b3c4`. */
export type OpenPgpVerdict = { readonly signer: string } | { readonly fault: string };

/** Anything that makes a good signature none: any of them beside a good one is one too many. */
const faults: readonly (readonly [RegExp, string])[] = [
  [/^BADSIG\b/, 'has a signature that does not fit'],
  [/^(?:ERRSIG|NO_PUBKEY)\b/, 'is signed with a key that keysFile does not hold'],
  [/^EXPKEYSIG\b/, 'is signed with a key that has expired'],
  [/^REVKEYSIG\b/, 'is signed with a key that was revoked'],
  [/^EXPSIG\b/, 'has a signature that has expired'],
];

/** Checks an OpenPGP signature with gpgv, which knows no keys but those given, and no web of trust. */
export async function verifyOpenPgp(input: OpenPgpSignature, gpgv: RunGpgv): Promise<OpenPgpVerdict> {
  if (input.keyring.length === 0) return { fault: 'is signed with OpenPGP, and keysFile holds no such key' };
  const lines = await gpgv(input);
  if (lines === undefined) return { fault: 'is signed with OpenPGP; install gpgv to have that checked' };
  for (const [pattern, fault] of faults) if (lines.some((line) => pattern.test(line))) return { fault };
  const good = lines.find((line) => line.startsWith('GOODSIG '));
  if (good === undefined || !lines.some((line) => line.startsWith('VALIDSIG ')))
    return { fault: 'has a signature that cannot be read' };
  return { signer: good.split(' ').slice(2).join(' ') };
}
