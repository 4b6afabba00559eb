import { join } from 'node:path';
import { identityToRecipient } from 'age-encryption';
import type { SecretFile } from '../server-secrets.ts';

/** A tenant's age identities, newest use first in the file, or why there are none; the reason names no key. */
export type TenantKey =
  | { readonly kind: 'found'; readonly identities: readonly [string, ...string[]] }
  | { readonly kind: 'missing'; readonly reason: string };

/** Finds a tenant's own key; nobody else's is ever looked at. */
export type FindTenantKey = (tenant: string) => Promise<TenantKey>;

export interface TenantKeysDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string, maxBytes: number) => Promise<SecretFile>;
}

const maxKeyFileBytes = 64 * 1024;
const maxIdentities = 16;
const tenantName = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Keys of tenants: `MUSTER_SECRETS_KEY_<TENANT>` (capitals, `_` for `-`), else `<tenant>.txt` in `keysDir`. Either holds
 * age identities one a line, as `age-keygen` writes them.
 */
export function createTenantKeys(
  { env, readFile }: TenantKeysDeps,
  { keysDir }: { readonly keysDir?: string },
): FindTenantKey {
  return async (tenant) => {
    if (!tenantName.test(tenant)) return missing('the tenant’s name is not valid');
    const variable = secretsKeyVariable(tenant);
    const given = env[variable];
    if (given !== undefined && given !== '') return readIdentities(given, variable);
    if (keysDir === undefined) return missing(`the server has no ${variable} and no secrets.keysDir`);
    const name = `${tenant}.txt`;
    try {
      const { bytes } = await readFile(join(keysDir, name), maxKeyFileBytes);
      return await readIdentities(new TextDecoder().decode(bytes), name);
    } catch {
      return missing(`the server cannot read ${name} in secrets.keysDir`);
    }
  };
}

/** The environment variable that may hold a tenant's key. */
export function secretsKeyVariable(tenant: string): string {
  return `MUSTER_SECRETS_KEY_${tenant.toUpperCase().replaceAll('-', '_')}`;
}

async function readIdentities(text: string, where: string): Promise<TenantKey> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [first, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (first === undefined) return missing(`${where} on the server holds no key`);
  if (others.length >= maxIdentities)
    return missing(`${where} on the server holds more than ${maxIdentities} keys`);
  for (const identity of [first, ...others])
    if (!(await isIdentity(identity)))
      return missing(`${where} on the server holds a line that is no age identity`);
  return { kind: 'found', identities: [first, ...others] };
}

async function isIdentity(line: string): Promise<boolean> {
  try {
    await identityToRecipient(line);
    return true;
  } catch {
    return false;
  }
}

function missing(reason: string): TenantKey {
  return { kind: 'missing', reason };
}
