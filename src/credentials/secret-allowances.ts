import { MusterError } from '../model/index.ts';
import { compileGlob, parseGlob } from '../selectors/index.ts';

/** A kind of secret of the server that Connections of some tenants may use. */
export interface SecretAllowance {
  readonly kind: 'env' | 'file';
  readonly tenant: (name: string) => boolean;
  /** Judges a variable's name, or a file's absolute path. */
  readonly name: (name: string) => boolean;
}

/**
 * Reads `connections.allow`: `<tenant glob>:env:<name glob>` or `<tenant glob>:file:<path glob>`, comma-separated.
 * Throws `CONNECTIONS_ALLOW_INVALID`.
 */
export function parseSecretAllowances(setting: string): readonly SecretAllowance[] {
  const entries = setting.split(',').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '').map(parseEntry);
}

function parseEntry(entry: string): SecretAllowance {
  const [tenant = '', kind, ...rest] = entry.split(':');
  const name = rest.join(':');
  if (kind !== 'env' && kind !== 'file') throw invalid(entry, 'says neither env nor file');
  if (kind === 'file' && !name.startsWith('/')) throw invalid(entry, 'has a path that is not absolute');
  return { kind, tenant: compileEntry(entry, tenant), name: compileEntry(entry, name) };
}

function compileEntry(entry: string, glob: string): (text: string) => boolean {
  if (glob === '' || parseGlob(glob).kind !== 'glob')
    throw invalid(entry, 'has an empty or malformed pattern');
  return compileGlob(glob);
}

function invalid(entry: string, fault: string): MusterError {
  return new MusterError(
    'CONNECTIONS_ALLOW_INVALID',
    `connections.allow: "${entry.slice(0, 100)}" ${fault}.`,
    {
      disposition: 'stalled',
      hint: 'Write <tenant glob>:env:<name glob> or <tenant glob>:file:<path glob>, comma-separated.',
    },
  );
}
