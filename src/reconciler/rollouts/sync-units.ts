import { computePackagesKey } from '../../desired-state/index.ts';
import type {
  AgentConfig,
  RolloutPolicy,
  RolloutState,
  RolloutTarget,
  Snapshot,
  TenantSnapshot,
} from '../../model/index.ts';
import {
  defaultRollout,
  immediateRollout,
  startRollout,
  supersede,
  timeGateOf,
} from '../../rollout/index.ts';
import type { World } from '../world.ts';
import type { NeededTarget } from './archive.ts';
import type { Unit } from './rollout-book.ts';
import { parseUnitId, type UnitKind, unitId } from './unit-id.ts';

/** Rollouts of a tenant's manifests that are gone, kept in case a revert brings them back. */
const maxAbsent = 100;

/**
 * Brings a tenant's rollouts to what its snapshot asks for: new targets begin or supersede, the same go on. `gains` holds the
 * ids of those that the commit gave agents which they did not have. Returns the units that changed.
 */
export function syncUnits(
  world: World,
  after: TenantSnapshot,
  gains: ReadonlySet<string>,
  now: number,
): readonly Unit[] {
  const changed: Unit[] = [];
  const declared = declaredBy(after);
  const present = new Set(declared.map(({ id }) => id));
  for (const unit of [...world.rollouts.ofTenant(after.name)])
    if (!present.has(unit.id)) world.rollouts.dismiss(unit);
  for (const one of declared) {
    const unit = syncUnit(world, after, one, gains.has(one.id), now);
    if (unit) changed.push(unit);
  }
  world.archive.keep(after, world.inForce.get(after.name)?.assigner);
  return changed;
}

/** Takes up the rollouts that an earlier run left, and the snapshots in `loaded` that they may go back to. */
export function restoreUnits(
  world: World,
  states: Iterable<RolloutState>,
  loaded: readonly Snapshot[],
  now: number,
): void {
  const declaredById = new Map(
    [...world.inForce.values()].flatMap(({ snapshot }) =>
      declaredBy(snapshot).map((declared) => [declared.id, declared] as const),
    ),
  );
  for (const state of states) {
    const name = parseUnitId(state.unit);
    const snapshot = world.inForce.get(name.tenant)?.snapshot;
    const declared = declaredById.get(state.unit);
    const policy = snapshot && declared ? policyOf(snapshot, declared) : defaultRollout;
    const gate = gateOf(policy, snapshot);
    world.rollouts.add({ ...name, state, policy, gate, present: declared !== undefined });
  }
  for (const { tenants } of loaded) for (const snapshot of tenants.values()) world.archive.keep(snapshot);
  for (const { snapshot } of world.inForce.values()) syncUnits(world, snapshot, new Set(), now);
  world.archive.retain(neededTargets(world));
}

/** Nothing of a removed tenant is in force; its rollouts wait for a revert. */
export function dismissUnits(world: World, tenant: string): void {
  for (const unit of [...world.rollouts.ofTenant(tenant)]) world.rollouts.dismiss(unit);
}

/** Forgets the rollouts of a tenant that have waited longest for a revert; returns their names. */
export function forgetAbsent(world: World, tenant: string): readonly string[] {
  const absent = [...world.rollouts.ofTenant(tenant)].filter(({ present }) => !present);
  const forgotten = absent.slice(0, Math.max(0, absent.length - maxAbsent)).map(({ id }) => id);
  for (const id of forgotten) world.rollouts.remove(id);
  return forgotten;
}

/** What a snapshot asks to be rolled out. */
interface Declared {
  readonly id: string;
  readonly kind: UnitKind;
  readonly name: string;
  readonly rollout?: string;
  readonly targetKey: string;
}

function declaredBy({ name: tenant, configs, packages }: TenantSnapshot): readonly Declared[] {
  const declare = (kind: UnitKind, one: Omit<Declared, 'id' | 'kind'>): Declared => {
    const { name, rollout, targetKey } = one;
    const id = unitId({ kind, tenant, name });
    return { id, kind, name, targetKey, ...(rollout !== undefined && { rollout }) };
  };
  return [
    ...configs.map((config) => declare('config', config)),
    ...packages.map((one) => declare('package', { ...one, targetKey: computePackagesKey(one) })),
  ];
}

function syncUnit(
  world: World,
  after: TenantSnapshot,
  declared: Declared,
  gainsAgents: boolean,
  now: number,
): Unit | undefined {
  const { id, kind, name } = declared;
  const policy = policyOf(after, declared);
  const gate = gateOf(policy, after);
  const target: RolloutTarget = { key: declared.targetKey, source: after.revision };
  const known = world.rollouts.get(id);
  if (!known) {
    const state = startRollout(id, target, policy, now);
    return world.rollouts.add({ kind, tenant: after.name, name, state, policy, gate, present: true });
  }
  const wasPresent = known.present;
  const wasPolicy = known.policy;
  if (known.policy.name !== policy.name) known.orders.clear();
  Object.assign(known, { policy, gate, present: true });
  const state = supersede(known.state, { target, gainsAgents }, policy, now);
  const isSame = state === known.state;
  world.rollouts.move(known, state);
  world.rollouts.touch(known.id);
  return isSame && wasPresent && JSON.stringify(wasPolicy) === JSON.stringify(policy) ? undefined : known;
}

/** `immediate` knows no gates; the fleet's freezes hold every other rollout. */
function gateOf(policy: RolloutPolicy, tenant: TenantSnapshot | undefined) {
  return timeGateOf(policy, policy.immediate ? [] : (tenant?.fleet.freezes ?? []));
}

/** The policy that an AgentConfig or Package names, or the built-in one. */
export function policyOf(tenant: TenantSnapshot, { rollout }: Pick<AgentConfig, 'rollout'>): RolloutPolicy {
  if (rollout === 'immediate') return immediateRollout;
  return (rollout === undefined ? undefined : tenant.rollouts.get(rollout)) ?? defaultRollout;
}

/** The targets that agents may have to be given. */
export function* neededTargets(world: World): IterableIterator<NeededTarget> {
  for (const { kind, tenant, name, state } of world.rollouts.units()) {
    yield { kind, tenant, name, key: state.target.key };
    for (const target of [state.lastGood, state.previousGood, state.pin?.target])
      if (target && target.key !== state.target.key) yield { kind, tenant, name, key: target.key };
  }
}
