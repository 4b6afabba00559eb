import { createAssigner } from '../../desired-state/index.ts';
import type { CommitSha, RepoContent, Snapshot, TenantSnapshot } from '../../model/index.ts';
import { judgeGuard } from '../../rollout/index.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import { neededTargets, syncUnits } from '../rollouts/sync-units.ts';
import { isEmptied, isLeftWithout, ownersOfCredentials, tenantChangeOf } from '../tenant-change.ts';
import { trackRevision } from '../track-revision.ts';
import { factKey } from '../tracked-revision.ts';
import { putInForce, type World } from '../world.ts';
import { recount } from './rollouts.ts';

/** Takes up the newest fetched revision: validates it and brings it in force tenant by tenant. */
export const adoptStep: Step<Pass> = {
  name: 'adopt',
  async run(pass) {
    const { world } = pass.deps;
    const content = world.fetched;
    if (content) {
      const snapshot = await loadOrKeep(pass, content);
      if (snapshot) await takeUp(pass, content, snapshot);
    } else if (pass.reasons.includes('approval') && world.head) {
      await takeUp(pass, world.head.content, world.head.snapshot);
    }
    if (pass.reasons.includes('confirmed')) confirm(world);
  },
};

/** A revision that cannot be loaded now (the thread died) is kept for the next pass; a newer one replaces it. */
async function loadOrKeep(pass: Pass, content: RepoContent): Promise<Snapshot | undefined> {
  const { world, engine, logger, clock } = pass.deps;
  if (!pass.reasons.includes('revision') && clock.monotonic() < world.loadAgainAt) return undefined;
  try {
    const snapshot = await engine.load(content, credentialOwners(world));
    if (world.fetched === content) world.fetched = undefined;
    return snapshot;
  } catch (error) {
    world.loadAgainAt = clock.monotonic() + loadRetryMs;
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    logger.error(
      { revision: content.revision, code, message },
      'a revision could not be loaded; it is tried again',
    );
    return undefined;
  }
}

/** From now on Git's head is the truth: whoever waited for it is decided for. */
function confirm(world: World): void {
  world.confirmed = true;
  for (const { agent } of world.registry.entries()) world.nudged.add(agent.uid);
}

/** Where the newest revision taken up is noted for the next start. */
export const headKey = 'head';

/** Where it is noted who claims which credential: after a restart, too, a newcomer is known as one. */
export const ownersKey = 'credential-owners';

const tenantsPerSlice = 32;
/** Passes come with every report: a revision that cannot be loaded must not cost each of them a try. */
const loadRetryMs = 5_000;

/** Who claims which credentials now: a newcomer cannot take them. */
export function credentialOwners(world: World): ReadonlyMap<string, string> {
  return ownersOfCredentials(snapshotsInForce(world));
}

async function takeUp(pass: Pass, content: RepoContent, snapshot: Snapshot): Promise<void> {
  const { world, memory, engine, clock, logger } = pass.deps;
  const previous = world.head?.snapshot;
  world.head = { content, snapshot };
  const emptiesRepo = isEmptied(snapshotsInForce(world), snapshot.tenants.values());
  let seen = 0;
  for (const name of new Set([...world.inForce.keys(), ...snapshot.tenants.keys()])) {
    if (++seen % tenantsPerSlice === 0) await pass.deps.breathe();
    await bringInForce(pass, content, snapshot, name, emptiesRepo);
  }
  const now = clock.now();
  const { replaced, withheld } = pass;
  const forgotten = trackRevision({ world, content, snapshot, previous, replaced, withheld, now });
  for (const sha of forgotten) memory.deleteFact(factKey(sha));
  memory.putFact(headKey, { sha: content.revision });
  memory.putFact(ownersKey, [...credentialOwners(world)]);
  world.archive.retain(neededTargets(world));
  memory.putInForce(
    new Map([...world.inForce].map(([name, { snapshot: own }]) => [name, own.revision])),
    content,
    revisionsInUse(world),
  );
  engine.retain(revisionsInUse(world));
  pass.deps.settings.adopt();
  pass.deps.onCredentials();
  const errors = snapshot.problems.filter(({ severity }) => severity === 'error').length;
  logger.info(
    { revision: snapshot.revision, tenants: snapshot.tenants.size, errors, held: world.held.size },
    'took up a revision',
  );
}

async function bringInForce(
  pass: Pass,
  content: RepoContent,
  snapshot: Snapshot,
  name: string,
  emptiesRepo: boolean,
): Promise<void> {
  const { deps } = pass;
  const { world } = deps;
  const before = world.inForce.get(name)?.snapshot;
  const after = snapshot.tenants.get(name);
  const change = tenantChangeOf({ before, after }, emptiesRepo);
  if (change === 'refused') {
    world.held.delete(name);
    return;
  }
  if (change === 'unchanged' && after) {
    world.held.delete(name);
    putInForce(world, after, deps.clock.now());
    keepRollouts(pass, before, after);
    return;
  }
  const losing = before ? await findLosing(pass, name, before, after) : { uids: [], assigned: 0 };
  const verdict = judgeGuard(
    {
      assigned: losing.assigned,
      losing: losing.uids,
      emptiesRepo: emptiesRepo && before !== undefined,
      approved: approvedFor(world, content, snapshot, name),
    },
    (before ?? after)?.fleet.guard ?? { percent: 20, agents: 3 },
  );
  if (verdict.kind === 'held') {
    if (world.held.get(name)?.sha !== content.revision)
      deps.onEvent({
        at: deps.clock.now(),
        kind: 'guard',
        tenant: name,
        sha: content.revision,
        message: `${verdict.reason}; muster approve ${content.revision.slice(0, 7)}`,
      });
    pass.withheld.set(name, { before, after });
    world.held.set(name, { sha: content.revision, reason: verdict.reason, losing: losing.uids });
    return;
  }
  world.held.delete(name);
  pass.replaced.set(name, { before, after });
  if (after) putInForce(world, after, deps.clock.now());
  else world.inForce.delete(name);
}

/** Approvals and freezes are the fleet's: they move rollouts though nothing of the tenant changed. */
function keepRollouts(pass: Pass, before: TenantSnapshot | undefined, after: TenantSnapshot): void {
  const { world, clock } = pass.deps;
  if (before && gatesOf(before) === gatesOf(after))
    world.archive.keep(after, world.inForce.get(after.name)?.assigner);
  else for (const unit of syncUnits(world, after, new Set(), clock.now())) recount(pass, unit);
}

function gatesOf({ fleet }: TenantSnapshot): string {
  return JSON.stringify([fleet.approve, fleet.freezes]);
}

/** Agents of the roster that have a config now and would have none; in slices, so that reports are answered meanwhile. */
async function findLosing(
  pass: Pass,
  name: string,
  before: TenantSnapshot,
  after: TenantSnapshot | undefined,
): Promise<{ uids: string[]; assigned: number }> {
  const { world, clock, breathe } = pass.deps;
  const assigner = after && createAssigner(after);
  const uids: string[] = [];
  let assigned = 0;
  let seen = 0;
  for (const { agent, assignment } of [...world.registry.ofTenant(name)]) {
    if (++seen % pass.options.sliceSize === 0) await breathe();
    if (assignment.kind !== 'assigned') continue;
    assigned += 1;
    if (isLeftWithout(agent, { before, after }, assigner, clock.now())) uids.push(agent.uid);
  }
  return { uids, assigned };
}

/**
 * A guard is let go for an approved revision, and for later ones that take configs from no other agents. A commit
 * cannot name itself: `approve` in fleet.yaml names the revision that is held.
 */
export function approvedFor(
  world: World,
  content: Pick<RepoContent, 'revision'>,
  snapshot: Snapshot,
  tenant: string,
): ReadonlySet<string> | 'all' {
  const named = (sha: string) =>
    snapshot.fleet.approve.some((prefix) => prefix.length >= 7 && sha.startsWith(prefix));
  if (named(content.revision)) return 'all';
  const own = world.approvals.filter((approval) => approval.tenant === tenant);
  if (own.some((approval) => approval.sha === content.revision)) return 'all';
  const held = world.held.get(tenant);
  const byCommit = held && named(held.sha) ? held.losing : [];
  return new Set([...byCommit, ...own.flatMap((approval) => approval.uids)]);
}

function* snapshotsInForce(world: World): IterableIterator<TenantSnapshot> {
  for (const { snapshot } of world.inForce.values()) yield snapshot;
}

function revisionsInUse(world: World): ReadonlySet<CommitSha> {
  const revisions = new Set([...world.inForce.values()].map(({ snapshot }) => snapshot.revision));
  if (world.head) revisions.add(world.head.content.revision);
  for (const revision of world.archive.revisions()) revisions.add(revision);
  return revisions;
}
