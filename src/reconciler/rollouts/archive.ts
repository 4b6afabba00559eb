import { type Assigner, createAssigner } from '../../desired-state/index.ts';
import type {
  AgentConfig,
  Assigned,
  CommitSha,
  Labels,
  RolloutTarget,
  TenantSnapshot,
} from '../../model/index.ts';

/** One tenant's snapshot that holds a target which agents may have to go back to. */
interface Archived {
  readonly snapshot: TenantSnapshot;
  readonly assigner: Assigner;
  readonly configs: ReadonlyMap<string, AgentConfig>;
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
export interface NeededTarget {
  readonly tenant: string;
  readonly config: string;
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
  /** Forgets every snapshot that none of these targets is found in. */
  retain(needed: Iterable<NeededTarget>): void;
  /** The commits whose files are needed. */
  revisions(): ReadonlySet<CommitSha>;
}

/** An archive without snapshots. */
export function createArchive(): Archive {
  /** Newest first. */
  const byTenant = new Map<string, readonly Archived[]>();
  const find = (tenant: string, config: string, key: string) =>
    byTenant.get(tenant)?.find(({ configs }) => configs.get(config)?.targetKey === key);
  return {
    keep(snapshot, assigner = createAssigner(snapshot)) {
      const others = (byTenant.get(snapshot.name) ?? []).filter(
        (one) => one.snapshot.revision !== snapshot.revision,
      );
      const configs = new Map(snapshot.configs.map((config) => [config.name, config]));
      byTenant.set(snapshot.name, [{ snapshot, assigner, configs, assigned: new Map() }, ...others]);
    },
    assign(tenant, config, { key }, labels, now) {
      const found = find(tenant, config, key);
      if (!found) return undefined;
      const known = found.assigned.get(config) ?? new WeakMap<Labels, ArchivedAssignment | typeof nothing>();
      found.assigned.set(config, known);
      const before = known.get(labels);
      if (before) return before === nothing ? undefined : before;
      const made = assignFrom(found, config, labels, now);
      known.set(labels, made ?? nothing);
      return made;
    },
    retain(needed) {
      const used = new Set<Archived>();
      for (const { tenant, config, key } of needed) {
        const found = find(tenant, config, key);
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
