import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createSshReader, type SshReader } from './ssh-wire.ts';

/** Checks a raw SSH signature blob over `data`; false where it does not fit, throws a RangeError for unknown types. */
export type SshVerifier = (data: Buffer, signature: Buffer) => boolean;

const base64url = (bytes: Buffer): string => bytes.toString('base64url');

function ed25519(reader: SshReader): SshVerifier {
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: base64url(reader.bytes()) },
  });
  return (data, blob) => {
    const signature = createSshReader(blob);
    return signature.text() === 'ssh-ed25519' && verify(null, data, key, signature.bytes());
  };
}

const curves: Record<string, readonly [name: string, bytes: number, hash: string]> = {
  nistp256: ['P-256', 32, 'sha256'],
  nistp384: ['P-384', 48, 'sha384'],
  nistp521: ['P-521', 66, 'sha512'],
};

function leftPad(value: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, length - value.length)), value]);
}

function ecdsa(type: string, reader: SshReader): SshVerifier {
  const curve = curves[reader.text()];
  const point = reader.bytes();
  if (curve === undefined || point[0] !== 4 || point.length !== 1 + 2 * curve[1])
    throw new RangeError('not an ecdsa key');
  const [crv, size, hash] = curve;
  const [x, y] = [base64url(point.subarray(1, 1 + size)), base64url(point.subarray(1 + size))];
  const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv, x, y } });
  return (data, blob) => {
    const signature = createSshReader(blob);
    if (signature.text() !== type) return false;
    const parts = createSshReader(signature.bytes());
    const raw = Buffer.concat([leftPad(parts.integer(), size), leftPad(parts.integer(), size)]);
    return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, raw);
  };
}

function rsa(reader: SshReader): SshVerifier {
  const [e, n] = [base64url(reader.integer()), base64url(reader.integer())];
  const key: KeyObject = createPublicKey({ format: 'jwk', key: { kty: 'RSA', e, n } });
  return (data, blob) => {
    const signature = createSshReader(blob);
    const hash = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }[signature.text()];
    // Plain ssh-rsa is SHA-1, which nobody should trust any more.
    return hash !== undefined && verify(hash, data, key, signature.bytes());
  };
}

/** A verifier for an SSH public key blob (ed25519, ecdsa, rsa with SHA-2); throws a RangeError for any other kind. */
export function createSshVerifier(blob: Buffer): SshVerifier {
  const reader = createSshReader(blob);
  const type = reader.text();
  if (type === 'ssh-ed25519') return ed25519(reader);
  if (/^ecdsa-sha2-nistp(256|384|521)$/.test(type)) return ecdsa(type, reader);
  if (type === 'ssh-rsa') return rsa(reader);
  throw new RangeError(`keys of type ${type.slice(0, 40)} are not supported`);
}
