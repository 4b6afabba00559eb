import {
  type Assigner,
  createAssigner,
  createSettingsAssigner,
  type SettingsAssigner,
} from '../desired-state/index.ts';
import { createRegistry, type Registry } from '../fleet/index.ts';
import type {
  AgentConfig,
  CommitSha,
  InstanceUid,
  RepoContent,
  Snapshot,
  TenantSnapshot,
} from '../model/index.ts';
import { type ComponentBook, createComponentBook } from './component-book.ts';
import { createFreezer, type Freezer } from './freezer.ts';
import { createLapse, type Lapse } from './lapse.ts';
import type { Leadership } from './ports.ts';
import { createRenderings, type Renderings } from './renderings.ts';
import { type Archive, createArchive } from './rollouts/archive.ts';
import { createProgressBook, type ProgressBook } from './rollouts/progress-book.ts';
import { createRolloutBook, type RolloutBook } from './rollouts/rollout-book.ts';
import { createPackageTargets, type PackageTargets } from './settings/package-targets.ts';
import type { SettingsSource } from './settings/ports.ts';
import { createTenantMaps, type TenantMaps } from './tenant-maps.ts';
import type { TrackedRevision } from './tracked-revision.ts';

/** One tenant's snapshot in force and the index made from it. */
export interface TenantInForce {
  readonly snapshot: TenantSnapshot;
  readonly assigner: Assigner;
  readonly settings: SettingsAssigner;
  /** By name. */
  readonly configs: ReadonlyMap<string, AgentConfig>;
  /** When the next overlay of one of its AgentConfigs expires, in milliseconds since the epoch. */
  readonly nextExpiry: number;
}

/** A revision that a guard holds for a tenant. */
export interface HeldRevision {
  readonly sha: CommitSha;
  readonly reason: string;
  /** The agents that it would leave without a config. */
  readonly losing: readonly string[];
}

/** A guard let go: this revision, and later ones that take configs from no other agents than these. */
export interface Approval {
  readonly sha: string;
  readonly tenant: string;
  readonly uids: readonly string[];
}

/**
 * Everything the loop knows, in memory and authoritative. Only the reconciler writes to it, from one thread:
 * `receive` between passes' awaits, and the steps of a pass.
 */
export interface World {
  readonly registry: Registry;
  readonly renderings: Renderings;
  readonly components: ComponentBook;
  readonly rollouts: RolloutBook;
  readonly progress: ProgressBook;
  readonly archive: Archive;
  readonly inForce: Map<string, TenantInForce>;
  readonly held: Map<string, HeldRevision>;
  readonly approvals: Approval[];
  readonly tracked: Map<CommitSha, TrackedRevision>;
  /** Agents that an operator's act asks to decide for again. */
  readonly nudged: Set<InstanceUid>;
  /** Verdicts that an operator's act reopens, in the pass that decides anew. */
  readonly reopened: { readonly sha: CommitSha; readonly tenant: string }[];
  /** Agents frozen because their labels and their config chase each other. */
  readonly frozen: Freezer;
  /** The uid that an agent had last whose uid changes at each start, by what stays the same of it. */
  readonly identities: TenantMaps<string, InstanceUid>;
  /** Polling agents that have something to come with their next reply, even if they only say that they are there. */
  readonly repliesDue: Set<InstanceUid>;
  readonly packageTargets: PackageTargets;
  readonly lapse: Lapse;
  /** The newest revision seen, whether or not it is in force. */
  head: Head | undefined;
  /** A revision fetched and not yet taken up; a newer one replaces it. */
  fetched: RepoContent | undefined;
  /** When a revision that could not be loaded is tried again, on the clock that never jumps. */
  loadAgainAt: number;
  /** When this run began, in milliseconds since the epoch: agents could not be heard before. */
  listeningSince: number;
  /** Whether Git was read since the start: until then what the store says may be older than what agents run. */
  confirmed: boolean;
  /** A reason why nothing is offered at all (an emergency stop), if one is in force. */
  stopped: EmergencyStop | undefined;
}

/** Offers are withheld until then, in milliseconds since the epoch, unless an operator ends it before. */
export interface EmergencyStop {
  readonly reason: string;
  readonly until: number;
}

export interface Head {
  readonly content: RepoContent;
  readonly snapshot: Snapshot;
}

/** Of one tenant. */
const maxIdentities = 10_000;

/** A world that knows nothing yet; `composePackages` tells what a Package comes to for an agent. */
export function createWorld(
  composePackages: SettingsSource['packages'],
  leadership: Leadership = { leads: () => true },
): World {
  const rollouts = createRolloutBook();
  return {
    registry: createRegistry(rollouts.note),
    rollouts,
    progress: createProgressBook(),
    archive: createArchive(),
    renderings: createRenderings(),
    components: createComponentBook(),
    inForce: new Map(),
    held: new Map(),
    approvals: [],
    tracked: new Map(),
    nudged: new Set(),
    reopened: [],
    frozen: createFreezer(),
    identities: createTenantMaps(maxIdentities),
    repliesDue: new Set(),
    packageTargets: createPackageTargets(composePackages),
    lapse: createLapse(leadership),
    head: undefined,
    fetched: undefined,
    loadAgainAt: Number.NEGATIVE_INFINITY,
    listeningSince: Number.NEGATIVE_INFINITY,
    confirmed: false,
    stopped: undefined,
  };
}

/** Makes a tenant's snapshot ready to decide by, from `now` on. */
export function putInForce(world: World, snapshot: TenantSnapshot, now: number): void {
  const expiries = snapshot.configs.flatMap(({ overlays }) =>
    overlays.map(({ expires }) => expires ?? Number.POSITIVE_INFINITY),
  );
  const nextExpiry = Math.min(...expiries.filter((at) => at > now), Number.POSITIVE_INFINITY);
  const known = world.inForce.get(snapshot.name);
  const assigner =
    known?.snapshot.inputsHash === snapshot.inputsHash ? known.assigner : createAssigner(snapshot);
  const configs = new Map(snapshot.configs.map((config) => [config.name, config]));
  const settings = createSettingsAssigner(snapshot);
  world.inForce.set(snapshot.name, { snapshot, assigner, settings, configs, nextExpiry });
}
