import type { BlobId, TenantSnapshot, TreeEntry } from '../model/index.ts';
import { createConfigLinter, type LintedConfig } from '../validation/index.ts';

/** What a thread needs of a revision to lint its AgentConfigs. Plain data. */
export interface LintBasis {
  readonly tenants: ReadonlyMap<string, TenantSnapshot>;
  /** The imported schemas of the revision, and their bytes by blob. */
  readonly schemas: readonly TreeEntry[];
  readonly schemaBlobs: ReadonlyMap<BlobId, Uint8Array>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** AgentConfigs that go to one thread together, since they share bodies. Plain data. */
export interface LintBatch {
  readonly jobs: readonly { readonly key: string; readonly tenant: string; readonly config: string }[];
  /** Bytes of their bodies, by blob. */
  readonly blobs: ReadonlyMap<BlobId, Uint8Array>;
}

/** What the rules found, by the keys of the jobs. */
export type LintResults = readonly (readonly [key: string, linted: LintedConfig])[];

/** A linter over one revision: bodies are parsed once, whichever batches they come in. */
export function createLintWork(basis: LintBasis): (batch: LintBatch) => LintResults {
  const blobs = new Map(basis.schemaBlobs);
  const linter = createConfigLinter((id) => blobs.get(id));
  return ({ jobs, blobs: more }) => {
    for (const [id, bytes] of more) blobs.set(id, bytes);
    const schemas = linter.schemasIn(basis.schemas);
    return jobs.flatMap(({ key, tenant: name, config: wanted }) => {
      const tenant = basis.tenants.get(name);
      const config = tenant?.configs.find((one) => one.name === wanted);
      return tenant && config ? [[key, linter.lint({ tenant, config }, basis.now, schemas)] as const] : [];
    });
  };
}
