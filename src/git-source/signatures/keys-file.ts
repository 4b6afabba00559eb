import { type AllowedSigner, parseAllowedSigners } from './allowed-signers.ts';

/** Who may sign. */
export interface TrustedKeys {
  readonly signers: readonly AllowedSigner[];
  /** OpenPGP public keys in binary form, one after the other, as `gpgv` reads a keyring; empty without any. */
  readonly openPgp: Uint8Array;
}

const keyBlock =
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?<armor>[\s\S]*?)^-----END PGP PUBLIC KEY BLOCK-----/gm;

/**
 * Reads `git.verify.keysFile`: lines of an `allowed_signers` file (ssh-keygen(1)) and, between them, blocks as
 * `gpg --armor --export` prints them. What cannot be read allows nobody.
 */
export function parseKeysFile(text: string): TrustedKeys {
  const keys = [...text.matchAll(keyBlock)].map(({ groups }) => decodeArmor(groups?.armor ?? ''));
  return { signers: parseAllowedSigners(text.replace(keyBlock, '')), openPgp: Buffer.concat(keys) };
}

/** The bytes inside an ASCII armor (RFC 9580 section 6.2): headers up to an empty line, base64, then perhaps a checksum. */
function decodeArmor(armor: string): Uint8Array {
  const body = armor.replace(/\r/g, '').replace(/^(?:[A-Za-z]+: .*\n)*\s*\n/, '');
  return Buffer.from(body.replace(/^=.*$/m, ''), 'base64');
}
