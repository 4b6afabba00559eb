import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** An ed25519 key that signs commits the way `git commit -S` does with gpg.format=ssh. */
export interface SshSigner {
  /** Its line of an `allowed_signers` file. */
  readonly allowed: string;
  /** The commit with a signature header. */
  sign(commit: Buffer): Buffer;
}

function field(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Makes a signer with a new key. */
export function createSshSigner(principal: string): SshSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = Buffer.concat([field('ssh-ed25519'), field(raw)]);
  return {
    allowed: `${principal} ssh-ed25519 ${blob.toString('base64')}`,
    sign(commit) {
      const digest = createHash('sha512').update(commit).digest();
      const common = [field('git'), field(''), field('sha512')];
      const signed = Buffer.concat([Buffer.from('SSHSIG'), ...common, field(digest)]);
      const signature = Buffer.concat([field('ssh-ed25519'), field(sign(null, signed, privateKey))]);
      const version = Buffer.from([0, 0, 0, 1]);
      const body = Buffer.concat([Buffer.from('SSHSIG'), version, field(blob), ...common, field(signature)]);
      const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
      const armor = ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'];
      const end = commit.indexOf('\n\n');
      const header = `\ngpgsig ${armor.join('\n ')}`;
      return Buffer.concat([commit.subarray(0, end), Buffer.from(header), commit.subarray(end)]);
    },
  };
}
