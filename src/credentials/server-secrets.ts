import { posix } from 'node:path';
import type { SecretAllowance } from './secret-allowances.ts';

/** A header's value with the server's secrets in it, or why not; the reason names the reference, never a value. */
export type ResolvedSecret =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Fills in the header values of Connections. */
export interface ServerSecrets {
  /** Reads `${env:NAME}` and `${file:/path}` for a tenant's Connection, or (`undefined`) for one at the root; never rejects. */
  resolve(template: string, tenant: string | undefined): Promise<ResolvedSecret>;
}

/** A secret file's content and its path without symbolic links. */
export interface SecretFile {
  readonly realPath: string;
  readonly bytes: Uint8Array;
}

export interface ServerSecretsDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads at most `maxBytes`; rejects where the path is no regular file, or longer. */
  readonly readFile: (path: string, maxBytes: number) => Promise<SecretFile>;
}

export interface ServerSecretsOptions {
  /** Folder whose files Connections at the root may read: an absolute path without symbolic links. */
  readonly secretsDir?: string;
  /** What Connections of tenants may read (`connections.allow`). */
  readonly allow: readonly SecretAllowance[];
}

/** Variables for Connections at the root; every other one that starts with `MUSTER_` is the server's own, whoever asks. */
const rootPrefix = 'MUSTER_CONNECTION_';
const ownPrefix = 'MUSTER_';
const maxFileBytes = 64 * 1024;
const reference = /\$\{([^}]*)\}/g;
/** A field value of HTTP: visible characters, spaces and tabs (RFC 9110 section 5.5). */
const headerValue = /^[\x20-\x7e\t]*$/;

/** Files are read anew each time, so that a rotated token counts at once. */
export function createServerSecrets(
  { env, readFile }: ServerSecretsDeps,
  { secretsDir, allow }: ServerSecretsOptions,
): ServerSecrets {
  function mayRead(kind: 'env' | 'file', name: string, tenant: string | undefined): boolean {
    if (kind === 'env' && name.startsWith(ownPrefix) && !name.startsWith(rootPrefix)) return false;
    if (tenant !== undefined)
      return allow.some((rule) => rule.kind === kind && rule.tenant(tenant) && rule.name(name));
    return kind === 'env' ? name.startsWith(rootPrefix) : isInside(name, secretsDir);
  }

  function readVariable(name: string, tenant: string | undefined): ResolvedSecret {
    if (!mayRead('env', name, tenant)) return refuse(`env:${name}`, whyNot(tenant, 'env'));
    const value = env[name];
    return value === undefined ? refuse(`env:${name}`, 'the server has no such variable') : accept(value);
  }

  async function readSecretFile(path: string, tenant: string | undefined): Promise<ResolvedSecret> {
    const isPlain = posix.isAbsolute(path) && posix.normalize(path) === path;
    if (!isPlain) return refuse(`file:${path}`, 'it is no absolute path without . and ..');
    if (!mayRead('file', path, tenant)) return refuse(`file:${path}`, whyNot(tenant, 'file'));
    try {
      const { realPath, bytes } = await readFile(path, maxFileBytes);
      if (!mayRead('file', realPath, tenant))
        return refuse(`file:${path}`, 'it leads out of what the Connection may read');
      return accept(
        Buffer.from(bytes)
          .toString('utf8')
          .replace(/\r?\n$/, ''),
      );
    } catch {
      return refuse(`file:${path}`, `it cannot be read, or is no file of at most ${maxFileBytes} bytes`);
    }
  }

  async function read(text: string, tenant: string | undefined): Promise<ResolvedSecret> {
    const colon = text.indexOf(':');
    const name = text.slice(colon + 1);
    switch (text.slice(0, colon)) {
      case 'env':
        return readVariable(name, tenant);
      case 'file':
        return readSecretFile(name, tenant);
      default:
        return refuse(text, 'only env: and file: are filled in');
    }
  }

  return {
    async resolve(template, tenant) {
      const values = new Map<string, string>();
      for (const [, text = ''] of template.matchAll(reference)) {
        const found = await read(text, tenant);
        if (found.kind === 'refused') return found;
        if (!headerValue.test(found.value))
          return refuse(text, 'its value holds characters that a header must not have');
        values.set(text, found.value);
      }
      return accept(template.replace(reference, (_, text: string) => values.get(text) ?? ''));
    },
  };
}

function isInside(path: string, dir: string | undefined): boolean {
  return dir !== undefined && path.startsWith(dir.endsWith('/') ? dir : `${dir}/`);
}

function whyNot(tenant: string | undefined, kind: 'env' | 'file'): string {
  if (tenant !== undefined) return `connections.allow does not list it for tenant ${tenant}`;
  return kind === 'env'
    ? `a Connection at the root may read ${rootPrefix}* only`
    : 'a Connection at the root may read files below connections.secretsDir only';
}

function accept(value: string): ResolvedSecret {
  return { kind: 'value', value };
}

function refuse(text: string, reason: string): ResolvedSecret {
  return { kind: 'refused', reason: `\${${text}}: ${reason}` };
}
