import { type BlobId, createLruMap, type TenantSecrets, type TreeEntry } from '../../model/index.ts';
import { openSecretsFile } from './open-secrets-file.ts';
import { secretProblem } from './secret-problems.ts';
import type { FindTenantKey } from './tenant-keys.ts';

/** The secrets of every tenant of one revision. */
export type ReadSecrets = (
  entries: readonly TreeEntry[],
  readBlob: (id: BlobId) => Uint8Array | undefined,
) => Promise<ReadonlyMap<string, TenantSecrets>>;

export interface SecretsReaderDeps {
  /** Absent to read names only, where no keys are at hand. */
  readonly findKey?: FindTenantKey;
  /** Lets other work go on between two files. */
  readonly breathe: () => Promise<unknown>;
}

const maxKept = 2_000;

/** A reader that opens a file again only when it changed or did not open; bounded. */
export function createSecretsReader({ findKey, breathe }: SecretsReaderDeps): ReadSecrets {
  const kept = createLruMap<string, TenantSecrets>(maxKept);
  const open = async (tenant: string, { path, blob, type }: TreeEntry, bytes: Uint8Array | undefined) => {
    const known = kept.get(`${tenant} ${blob}`);
    if (known) return known;
    if (type !== 'file' || !bytes) return unreadable(tenant, path);
    await breathe();
    const secrets = await openSecretsFile({ tenant, path, bytes }, findKey);
    if (!secrets.opened) return secrets;
    kept.set(`${tenant} ${blob}`, secrets);
    return secrets;
  };
  return async (entries, readBlob) => {
    const secrets = new Map<string, TenantSecrets>();
    for (const [tenant, entry] of findSecretsFiles(entries))
      secrets.set(tenant, await open(tenant, entry, readBlob(entry.blob)));
    return secrets;
  };
}

const own = /^tenants\/([^/]+)\/secrets\.sops\.yaml$/;
const atRoot = /^secrets\.sops\.yaml$/;
const implicitTenant = 'default';

/** The secrets file of each tenant: in its folder, or at the root of a repo that is one tenant. */
function findSecretsFiles(entries: readonly TreeEntry[]): ReadonlyMap<string, TreeEntry> {
  const files = new Map<string, TreeEntry>();
  const isImplicit = !entries.some(({ path }) => path.startsWith('tenants/'));
  for (const entry of entries) {
    const tenant = isImplicit ? atRoot.test(entry.path) && implicitTenant : own.exec(entry.path)?.[1];
    if (tenant) files.set(tenant, files.get(tenant) ?? entry);
  }
  return files;
}

function unreadable(tenant: string, path: string): TenantSecrets {
  const at = { file: path, line: 1, column: 1 };
  const message = 'this is no regular file that could be read';
  return { digests: new Map(), problems: [secretProblem({ code: 'FR301', at, message }, tenant)] };
}
