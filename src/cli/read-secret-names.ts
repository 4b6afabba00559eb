import type { BlobId, TenantSecrets, TreeEntry } from '../model/index.ts';

/** The names in tenants' secrets files; only the server has their keys. */
export async function readSecretNames(
  entries: readonly TreeEntry[],
  readBlob: (id: BlobId) => Uint8Array | undefined,
): Promise<ReadonlyMap<string, TenantSecrets>> {
  // Most repos have none, and need not wait for the modules that open them.
  if (!entries.some(({ path }) => path.endsWith('secrets.sops.yaml'))) return new Map();
  const { createSecretsReader } = await import('../credentials/index.ts');
  return createSecretsReader({ breathe: () => Promise.resolve() })(entries, readBlob);
}
