import { createHash } from 'node:crypto';
import type { Problem, RepoContent, Snapshot, TenantSnapshot } from '../model/index.ts';
import { composeSnapshot } from '../validation/index.ts';

/** A snapshot on its way out of the config thread, without the tenants that did not change since the one before. */
export interface PackedSnapshot extends Pick<Snapshot, 'revision' | 'tree' | 'fleet'> {
  /** Every tenant in order: the whole of it, or its name where it is as it was. */
  readonly tenants: readonly (TenantSnapshot | string)[];
  /** Problems of no tenant; those of tenants are put together again at the other end. */
  readonly forNobody: readonly Problem[];
}

/** The thread's end. */
export interface SnapshotSender {
  pack(snapshot: Snapshot, content: Pick<RepoContent, 'entries'>): PackedSnapshot;
}

/** Packs snapshots in the order in which the receiver unpacks them: copying every tenant would cost more than validating one. */
export function createSnapshotSender(): SnapshotSender {
  let sent = new Map<string, string>();
  return {
    pack(snapshot, content) {
      const files = describeFiles(content);
      const next = new Map<string, string>();
      const tenants = [...snapshot.tenants].map(([name, tenant]) => {
        // What is decided by is in the inputs; what is only shown, such as the place of a manifest, is in the files.
        const secrets = JSON.stringify([...(tenant.secrets ?? [])]);
        const print = [tenant.inputsHash, files.shared, files.byTenant.get(name), secrets].join(' ');
        next.set(name, print);
        return sent.get(name) === print ? name : tenant;
      });
      sent = next;
      const { revision, tree, fleet, problems } = snapshot;
      const forNobody = problems.filter((problem) => !problem.tenant && !problem.tenants);
      return { revision, tree, fleet, tenants, forNobody };
    },
  };
}

/** The other end. */
export interface SnapshotReceiver {
  unpack(packed: PackedSnapshot): Snapshot;
}

/** Unpacks what one sender packs, in the same order; a sender that begins anew sends everything. */
export function createSnapshotReceiver(): SnapshotReceiver {
  let known: ReadonlyMap<string, TenantSnapshot> = new Map();
  return {
    unpack({ revision, tree, fleet, tenants: packed, forNobody }) {
      const tenants = new Map<string, TenantSnapshot>();
      for (const one of packed) {
        const before = typeof one === 'string' ? known.get(one) : one;
        if (before) tenants.set(before.name, typeof one === 'string' ? { ...before, revision, fleet } : one);
      }
      known = tenants;
      return composeSnapshot({ revision, tree }, fleet, tenants, forNobody);
    },
  };
}

/** Files by the tenant in whose folder they are; all others may be anybody's. */
function describeFiles({ entries }: Pick<RepoContent, 'entries'>): {
  readonly shared: string;
  readonly byTenant: ReadonlyMap<string, string>;
} {
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for (const { path, blob, type } of entries) {
    const [, tenant = ''] = /^tenants\/([^/]+)\//.exec(path) ?? [];
    const hash = hashes.get(tenant) ?? createHash('sha256');
    hashes.set(tenant, hash.update(`${type} ${blob} ${path}\n`));
  }
  const byTenant = new Map([...hashes].map(([tenant, hash]) => [tenant, hash.digest('hex')]));
  return { shared: byTenant.get('') ?? '', byTenant };
}
