import { createHash } from 'node:crypto';
import { MusterError } from '../model/index.ts';

export type ApiRole = 'viewer' | 'operator';

/** One configured API token, without the token. */
export interface ApiToken {
  readonly role: ApiRole;
  /** `*` is every tenant. */
  readonly tenant: string;
  /** SHA-256 of the token. */
  readonly digest: Uint8Array;
}

const tenantName = /^(?:\*|[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)$/;
const tokenText = /^[\x21-\x7e]+$/;

/**
 * Reads `api.tokens` (contract.md, "Settings"): `role:tenant:token`, comma-separated. Throws `API_TOKENS_INVALID`,
 * naming the entry by its number and never by its text.
 */
export function parseApiTokens(setting: string): readonly ApiToken[] {
  const entries = setting.split(',').map((entry) => entry.trim());
  const tokens = entries.flatMap((entry, index) => (entry === '' ? [] : [parseEntry(entry, index + 1)]));
  const digests = tokens.map(({ digest }) => Buffer.from(digest).toString('hex'));
  const repeated = digests.findIndex((digest, index) => digests.indexOf(digest) !== index);
  if (repeated >= 0) throw invalid(`one token is listed twice, again as number ${repeated + 1}`);
  return tokens;
}

/** SHA-256 of a token's text. */
export function digestToken(token: string): Uint8Array {
  return createHash('sha256').update(token, 'utf8').digest();
}

function parseEntry(entry: string, number: number): ApiToken {
  const [role, tenant, ...rest] = entry.split(':');
  const token = rest.join(':');
  if (role !== 'viewer' && role !== 'operator') {
    throw invalid(`entry ${number} does not start with viewer: or operator:`);
  }
  if (tenant === undefined || !tenantName.test(tenant)) {
    throw invalid(`entry ${number} names no tenant; write a tenant's name or *`);
  }
  if (!tokenText.test(token)) {
    throw invalid(`entry ${number} has no token, or one with spaces or characters outside ASCII`);
  }
  return { role, tenant, digest: digestToken(token) };
}

function invalid(message: string): MusterError {
  return new MusterError('API_TOKENS_INVALID', `api.tokens: ${message}.`, {
    disposition: 'stalled',
    hint: 'Write role:tenant:token, comma-separated; role is viewer or operator, tenant * is every tenant.',
  });
}
