import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { repoRoot } from './docs.ts';

const folder = join(repoRoot, 'test/fixtures/sops');

/** A file of `test/fixtures/sops`. */
export function readSopsFixture(name: string): Uint8Array {
  return readFileSync(join(folder, name));
}

/** The text of the key file of a tenant of the fixtures. */
export function fixtureKey(tenant: 'acme' | 'globex'): string {
  return readFileSync(join(folder, 'keys', `${tenant}.txt`), 'utf8');
}

/** A tree of values that a SOPS file is made of. */
export type SecretTree =
  | string
  | number
  | boolean
  | readonly SecretTree[]
  | { readonly [key: string]: SecretTree };

export interface SopsOptions {
  readonly recipients: readonly string[];
  /** Instead of the true MAC. */
  readonly mac?: string;
}

/** A fresh age identity and its recipient. */
export async function createAgeKey(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A SOPS file (as JSON, which is YAML) of these values, written here and not by SOPS. */
export async function writeSopsFile(
  values: { readonly [key: string]: SecretTree },
  options: SopsOptions,
): Promise<string> {
  const key = randomBytes(32);
  const mac = createHash('sha512');
  const encryptTree = (node: SecretTree, keys: readonly string[]): unknown => {
    if (isList(node)) return node.map((item) => encryptTree(item, keys));
    if (typeof node === 'object')
      return Object.fromEntries(
        Object.entries(node).map(([name, value]) => [name, encryptTree(value, [...keys, name])]),
      );
    const [text, type] = describe(node);
    mac.update(text);
    return text === '' ? '' : encrypt(text, type, key, `${keys.join(':')}:`);
  };
  const encrypted = encryptTree(values, []) as object;
  const lastmodified = '2026-11-22T10:00:00Z';
  const digest = options.mac ?? mac.digest('hex').toUpperCase();
  const age = await Promise.all(
    options.recipients.map(async (recipient) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      return { recipient, enc: armor.encode(await encrypter.encrypt(key)) };
    }),
  );
  const sops = {
    age,
    lastmodified,
    mac: encrypt(digest, 'str', key, lastmodified),
    unencrypted_suffix: '_unencrypted',
  };
  return `${JSON.stringify({ ...encrypted, sops }, null, 1)}\n`;
}

function isList(node: SecretTree): node is readonly SecretTree[] {
  return Array.isArray(node);
}

function describe(value: string | number | boolean): readonly [string, string] {
  if (typeof value === 'boolean') return [value ? 'True' : 'False', 'bool'];
  if (typeof value === 'string') return [value, 'str'];
  return [String(value), Number.isInteger(value) ? 'int' : 'float'];
}

function encrypt(text: string, type: string, key: Uint8Array, context: string): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
  return `ENC[AES256_GCM,data:${data},iv:${iv.toString('base64')},tag:${cipher.getAuthTag().toString('base64')},type:${type}]`;
}
