import { createDecipheriv } from 'node:crypto';

/** Types that SOPS notes beside a value. */
export type SopsType = 'str' | 'int' | 'float' | 'bool' | 'bytes' | 'time' | 'comment';

/** A decrypted value: the bytes that SOPS encrypted, and what they stand for. */
export interface DecryptedValue {
  readonly bytes: Uint8Array;
  readonly type: SopsType;
}

const form = /^ENC\[AES256_GCM,data:([^,\]]+),iv:([^,\]]+),tag:([^,\]]+),type:([a-z]+)\]$/;
const types: ReadonlySet<string> = new Set<SopsType>([
  'str',
  'int',
  'float',
  'bool',
  'bytes',
  'time',
  'comment',
]);
const tagBytes = 16;
const maxIvBytes = 64;

/** Whether a text has the form of an encrypted value. */
export function isEncrypted(text: string): boolean {
  return form.test(text);
}

/**
 * Decrypts `ENC[AES256_GCM,…]` with the 32-byte data key; `context` is what SOPS authenticates with it. Undefined where
 * it was changed, moved or encrypted with another key.
 */
export function decryptValue(text: string, key: Uint8Array, context: string): DecryptedValue | undefined {
  const [, data = '', iv = '', tag = '', type = ''] = form.exec(text) ?? [];
  const [nonce, mark] = [Buffer.from(iv, 'base64'), Buffer.from(tag, 'base64')];
  if (!isSopsType(type) || mark.length !== tagBytes || nonce.length === 0 || nonce.length > maxIvBytes)
    return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(mark);
    const bytes = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
    return { bytes, type };
  } catch {
    return undefined;
  }
}

function isSopsType(text: string): text is SopsType {
  return types.has(text);
}
