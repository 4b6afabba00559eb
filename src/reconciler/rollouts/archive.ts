import { type Assigner, computePackagesKey, createAssigner } from '../../desired-state/index.ts';
import type {
  AgentConfig,
  Assigned,
  CommitSha,
  Labels,
  PackageManifest,
  RolloutTarget,
  TenantSnapshot,
} from '../../model/index.ts';
import type { UnitName } from './unit-id.ts';

/** One tenant's snapshot that holds a target which agents may have to go back to. */
interface Archived {
  readonly snapshot: TenantSnapshot;
  readonly assigner: Assigner;
  readonly configs: ReadonlyMap<string, AgentConfig>;
  readonly packages: ReadonlyMap<string, { readonly key: string; readonly manifest: PackageManifest }>;
  /** By AgentConfig and labels, which are one object for as long as an agent does not change them. */
  readonly assigned: Map<string, WeakMap<Labels, ArchivedAssignment | typeof nothing>>;
}

const nothing = Symbol('nothing');

/** What an earlier target gives an agent. */
export interface ArchivedAssignment {
  readonly revision: CommitSha;
  readonly assigned: Assigned;
  readonly inputsHash: string;
}

/** A target that may still be needed. */
export interface NeededTarget extends UnitName {
  readonly key: RolloutTarget['key'];
}

/**
 * Earlier snapshots that rollouts may have to go back to. A target is found by its key in the newest snapshot that holds
 * it, so that a fleet whose AgentConfigs each passed with another commit needs the files of few commits.
 */
export interface Archive {
  /** Takes a snapshot that comes in force, or that an earlier run left; later ones are newer. */
  keep(snapshot: TenantSnapshot, assigner?: Assigner): void;
  /** What the target's AgentConfig gave agents with these labels; undefined where it gave none, or is not at hand. */
  assign(
    tenant: string,
    config: string,
    target: RolloutTarget,
    labels: Labels,
    now: number,
  ): ArchivedAssignment | undefined;
  /** The Package as it was when it asked for the target; undefined where that is not at hand. */
  package(tenant: string, name: string, target: RolloutTarget): PackageManifest | undefined;
  /** Every Package that agents may be offered, or have to go back to. */
  packages(): IterableIterator<PackageManifest>;
  /** Forgets every snapshot that none of these targets is found in. */
  retain(needed: Iterable<NeededTarget>): void;
  /** The commits whose files are needed. */
  revisions(): ReadonlySet<CommitSha>;
}

/** An archive without snapshots. */
export function createArchive(): Archive {
  /** Newest first. */
  const byTenant = new Map<string, readonly Archived[]>();
  const find = ({ kind, tenant, name, key }: NeededTarget) =>
    byTenant
      .get(tenant)
      ?.find(({ configs, packages }) =>
        kind === 'config' ? configs.get(name)?.targetKey === key : packages.get(name)?.key === key,
      );
  return {
    keep(snapshot, assigner = createAssigner(snapshot)) {
      const others = (byTenant.get(snapshot.name) ?? []).filter(
        (one) => one.snapshot.revision !== snapshot.revision,
      );
      const configs = new Map(snapshot.configs.map((config) => [config.name, config]));
      const packages = new Map(
        snapshot.packages.map((manifest) => [manifest.name, { key: computePackagesKey(manifest), manifest }]),
      );
      const archived = { snapshot, assigner, configs, packages, assigned: new Map() };
      byTenant.set(snapshot.name, [archived, ...others]);
    },
    assign(tenant, config, { key }, labels, now) {
      const found = find({ kind: 'config', tenant, name: config, key });
      if (!found) return undefined;
      const known = found.assigned.get(config) ?? new WeakMap<Labels, ArchivedAssignment | typeof nothing>();
      found.assigned.set(config, known);
      const before = known.get(labels);
      if (before) return before === nothing ? undefined : before;
      const made = assignFrom(found, config, labels, now);
      known.set(labels, made ?? nothing);
      return made;
    },
    package: (tenant, name, { key }) =>
      find({ kind: 'package', tenant, name, key })?.packages.get(name)?.manifest,
    *packages() {
      for (const archived of byTenant.values())
        for (const { packages } of archived) for (const { manifest } of packages.values()) yield manifest;
    },
    retain(needed) {
      const used = new Set<Archived>();
      for (const target of needed) {
        const found = find(target);
        if (found) used.add(found);
      }
      for (const [tenant, archived] of byTenant) {
        const left = archived.filter((one) => used.has(one));
        if (left.length > 0) byTenant.set(tenant, left);
        else byTenant.delete(tenant);
      }
    },
    revisions: () =>
      new Set([...byTenant.values()].flatMap((all) => all.map(({ snapshot }) => snapshot.revision))),
  };
}

function assignFrom(
  { assigner, configs, snapshot }: Archived,
  config: string,
  labels: Labels,
  now: number,
): ArchivedAssignment | undefined {
  const assignment = assigner.assignWithin(config, labels, now);
  const inputsHash = configs.get(config)?.inputsHash;
  if (assignment?.kind !== 'assigned' || inputsHash === undefined) return undefined;
  return { revision: snapshot.revision, assigned: assignment, inputsHash };
}
