import { createHash } from 'node:crypto';
import { createSshVerifier } from './ssh-key.ts';
import { createSshReader, encodeSshString } from './ssh-wire.ts';

/** A parsed SSH signature. */
export interface SshSignature {
  /** The signer's public key, as `allowed_signers` lists it: base64. */
  readonly publicKey: string;
  readonly namespace: string;
  /** Whether it signs these bytes. */
  signs(payload: Uint8Array): boolean;
}

const magic = 'SSHSIG';
const armor = /^-----BEGIN SSH SIGNATURE-----\n(?<body>[A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n?$/;

/** Parses an armored signature (OpenSSH PROTOCOL.sshsig); throws a RangeError where it is none or uses an unknown algorithm. */
export function parseSshSignature(text: string): SshSignature {
  const body = armor.exec(text)?.groups?.body;
  if (body === undefined) throw new RangeError('not an ssh signature');
  const data = Buffer.from(body, 'base64');
  if (data.toString('latin1', 0, magic.length) !== magic) throw new RangeError('not an ssh signature');
  const reader = createSshReader(data.subarray(magic.length));
  if (reader.uint32() !== 1) throw new RangeError('unknown version of ssh signature');
  const publicKey = reader.bytes();
  const [namespace, reserved, hash, signature] = [
    reader.text(),
    reader.bytes(),
    reader.text(),
    reader.bytes(),
  ];
  if (hash !== 'sha256' && hash !== 'sha512') throw new RangeError('unknown hash in ssh signature');
  const verifySignature = createSshVerifier(publicKey);
  return {
    publicKey: publicKey.toString('base64'),
    namespace,
    signs(payload) {
      const digest = createHash(hash).update(payload).digest();
      const parts = [namespace, reserved, hash, digest].map(encodeSshString);
      return verifySignature(Buffer.concat([Buffer.from(magic), ...parts]), signature);
    },
  };
}
