import type { Problem, Snapshot, TenantSnapshot } from '../model/index.ts';
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
  pack(snapshot: Snapshot): PackedSnapshot;
}

/** Packs snapshots in the order in which the receiver unpacks them: copying every tenant would cost more than validating one. */
export function createSnapshotSender(): SnapshotSender {
  let sent: Snapshot['tenants'] = new Map();
  return {
    pack({ revision, tree, fleet, tenants: all, problems }) {
      const tenants = [...all].map(([name, tenant]) => (isSame(sent.get(name), tenant) ? name : tenant));
      sent = all;
      const forNobody = problems.filter((problem) => !problem.tenant && !problem.tenants);
      return { revision, tree, fleet, tenants, forNobody };
    },
  };
}

// A validator that took a tenant's part over has the same AgentConfigs, places and all; problems may have joined it.
function isSame(before: TenantSnapshot | undefined, after: TenantSnapshot): boolean {
  return before?.configs === after.configs && before.inputsHash === after.inputsHash;
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
