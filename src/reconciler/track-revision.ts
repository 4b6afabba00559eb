import { computePackagesKey } from '../desired-state/index.ts';
import type {
  AgentConfig,
  CommitSha,
  PackageManifest,
  Problem,
  RepoContent,
  Snapshot,
  TenantSnapshot,
} from '../model/index.ts';
import { isError, summarizeProblems, withPositions } from './problem-summary.ts';
import { isClosed, type TrackedRevision, type TrackedTenant, withTenant } from './tracked-revision.ts';
import type { World } from './world.ts';

/** A tenant's part of a revision that came in force, or that a guard holds: what replaces what. */
export interface Replacement {
  readonly before: TenantSnapshot | undefined;
  /** Undefined where the tenant is removed. */
  readonly after: TenantSnapshot | undefined;
}

export interface TrackRequest {
  readonly world: World;
  readonly content: RepoContent;
  readonly snapshot: Snapshot;
  /** The snapshot of the head before this one. */
  readonly previous: Snapshot | undefined;
  readonly replaced: ReadonlyMap<string, Replacement>;
  readonly withheld: ReadonlyMap<string, Replacement>;
  readonly now: number;
}

const maxTracked = 50;

/**
 * Starts to follow a head that was taken up, or goes on after an approval. Tenants that it changes are superseded in
 * earlier commits, each for itself. Returns the revisions that are no longer followed.
 */
export function trackRevision(request: TrackRequest): readonly CommitSha[] {
  const { world, content, snapshot, previous } = request;
  const known = world.tracked.get(content.revision);
  const touched = tenantsTouched(request);
  const tenants = new Map(known?.tenants);
  for (const name of touched) {
    const tenant = trackTenant(request, name, tenants.get(name));
    if (tenant) tenants.set(name, tenant);
    else tenants.delete(name);
  }
  const fleetChanged = known?.fleetChanged ?? previous?.tree !== snapshot.tree;
  const tracked: TrackedRevision = {
    sha: content.revision,
    ref: content.ref,
    commit: content.commit,
    takenUpAt: known?.takenUpAt ?? request.now,
    tenants,
    fleetChanged,
    problems: known?.problems ?? summarizeProblems(fleetChanged ? broughtForNobody(previous, snapshot) : []),
    validation: {
      errors: summarizeProblems(snapshot.problems.filter(isError)),
      warnings: snapshot.problems.filter(({ severity }) => severity === 'warning').length,
    },
    standing: known?.standing ?? new Map(),
    movedAt: known?.movedAt ?? request.now,
    published: known?.published ?? false,
  };
  if (!known) supersede(world, tracked, touched);
  world.tracked.delete(tracked.sha);
  world.tracked.set(tracked.sha, tracked);
  return forgetOldest(world);
}

/** Tenants whose part differs from the head before, or changes what is in force. */
function tenantsTouched({ snapshot, previous, replaced, withheld }: TrackRequest): ReadonlySet<string> {
  const touched = new Set([...replaced.keys(), ...withheld.keys()]);
  for (const name of new Set([...snapshot.tenants.keys(), ...(previous?.tenants.keys() ?? [])])) {
    const [before, after] = [previous?.tenants.get(name), snapshot.tenants.get(name)];
    if (before?.inputsHash !== after?.inputsHash || errorsOf(before) !== errorsOf(after)) touched.add(name);
  }
  return touched;
}

function trackTenant(
  request: TrackRequest,
  name: string,
  known: TrackedTenant | undefined,
): TrackedTenant | undefined {
  const { world, snapshot, replaced, withheld, previous } = request;
  const errors = snapshot.tenants.get(name)?.problems.filter(isError) ?? [];
  const inForce = world.inForce.get(name)?.snapshot;
  const attempt = known?.attempt ?? 0;
  const keeps = inForce && inForce.revision !== request.content.revision ? { keeps: inForce.revision } : {};
  if (errors.length > 0) return { configs: [], problems: summarizeProblems(errors), attempt, ...keeps };
  const change = replaced.get(name) ?? withheld.get(name);
  const configs = [...new Set([...(known?.configs ?? []), ...changedConfigs(change?.before, change?.after)])];
  const changed = [
    ...new Set([...(known?.packages ?? []), ...changedPackages(change?.before, change?.after)]),
  ];
  const packages = changed.length > 0 ? { packages: changed } : {};
  const guard = world.held.get(name);
  if (withheld.has(name) && guard)
    return { configs, ...packages, problems: { count: 0 }, guard: guard.reason, attempt, ...keeps };
  if (configs.length > 0 || changed.length > 0)
    return { configs, ...packages, problems: { count: 0 }, attempt };
  // Only problems went away: what is in force is what this commit wants.
  const mended = errorsOf(previous?.tenants.get(name)) !== '' && inForce;
  return mended
    ? { configs: inForce.configs.map((config) => config.name), problems: { count: 0 }, attempt }
    : undefined;
}

/** Earlier commits give up, tenant by tenant, what this one changes again; what it leaves alone keeps its own verdict. */
function supersede(world: World, tracked: TrackedRevision, touched: ReadonlySet<string>): void {
  for (const [earlier, revision] of world.tracked) {
    let updated = revision;
    for (const [name, tenant] of revision.tenants)
      if (touched.has(name) && tenant.supersededBy === undefined)
        updated = withTenant(updated, name, supersedeTenant(tenant, tracked.tenants.get(name), tracked.sha));
    world.tracked.set(earlier, updated);
  }
}

function supersedeTenant(
  tenant: TrackedTenant,
  later: TrackedTenant | undefined,
  sha: CommitSha,
): Partial<TrackedTenant> {
  const cameInForce = tenant.guard === undefined && tenant.problems.count === 0;
  if (!cameInForce) return { supersededBy: sha };
  const staysInForce = later?.guard !== undefined || (later?.problems.count ?? 0) > 0;
  if (staysInForce) return {};
  const configs = tenant.configs.filter((config) => !later?.configs.includes(config));
  const packages = tenant.packages?.filter((name) => !later?.packages?.includes(name)) ?? [];
  return configs.length + packages.length === 0 ? { supersededBy: sha } : { configs, packages };
}

/** AgentConfigs whose definition or inputs differ, removed ones included. */
export function changedConfigs(
  before: TenantSnapshot | undefined,
  after: TenantSnapshot | undefined,
): readonly string[] {
  const old = new Map(before?.configs.map((config) => [config.name, definitionOf(config)]));
  const names = new Set<string>();
  for (const config of after?.configs ?? []) {
    if (old.get(config.name) !== definitionOf(config)) names.add(config.name);
    old.delete(config.name);
  }
  for (const removed of old.keys()) names.add(removed);
  return [...names].sort();
}

/** Packages whose offers differ; who is left by one keeps what it has, so that nobody is counted. */
function changedPackages(
  before: TenantSnapshot | undefined,
  after: TenantSnapshot | undefined,
): readonly string[] {
  const old = new Map(before?.packages.map((manifest) => [manifest.name, offersOf(manifest)]));
  const changed = after?.packages.filter((manifest) => old.get(manifest.name) !== offersOf(manifest)) ?? [];
  return changed.map(({ name }) => name).sort();
}

function offersOf({ selector, priority, packages }: PackageManifest): string {
  return JSON.stringify([selector, priority, computePackagesKey({ packages })]);
}

/** Everything but where it stands in the file: moving a manifest changes nothing. */
function definitionOf(config: AgentConfig): string {
  const { selector, priority, inputsHash, paused, requires, overlays } = config;
  const conditions = overlays.map(({ name, when, expires }) => ({ name, when, expires }));
  return JSON.stringify({ selector, priority, inputsHash, paused, requires, conditions });
}

function broughtForNobody(previous: Snapshot | undefined, snapshot: Snapshot): readonly Problem[] {
  const known = new Set(withPositions(previous?.problems ?? []));
  const unowned = snapshot.problems.filter(
    (problem) => isError(problem) && problem.tenant === undefined && problem.tenants === undefined,
  );
  return unowned.filter((problem) => !known.has(withPositions([problem])[0] ?? ''));
}

function errorsOf(tenant: TenantSnapshot | undefined): string {
  return withPositions(tenant?.problems.filter(isError) ?? []).join('\n');
}

/** Those that nothing is left to report on go first. */
function forgetOldest(world: World): readonly CommitSha[] {
  const surplus = Math.max(0, world.tracked.size - maxTracked);
  const oldest = [...world.tracked.values()];
  const closed = oldest.filter(isClosed);
  const forgotten = [...closed, ...oldest.filter((revision) => !closed.includes(revision))]
    .slice(0, surplus)
    .map(({ sha }) => sha);
  for (const sha of forgotten) world.tracked.delete(sha);
  return forgotten;
}
