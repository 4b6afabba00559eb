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

/** Rollouts of a tenant's AgentConfigs that are gone, kept in case a revert brings them back. */
const maxAbsent = 100;

/**
 * Brings a tenant's rollouts to what its snapshot asks for: new targets begin or supersede, the same go on. `gains` names
 * AgentConfigs that the commit gave agents which they did not have. Returns the units that changed.
 */
export function syncUnits(
  world: World,
  after: TenantSnapshot,
  gains: ReadonlySet<string>,
  now: number,
): readonly Unit[] {
  const changed: Unit[] = [];
  const present = new Set(after.configs.map(({ name }) => name));
  for (const unit of [...world.rollouts.ofTenant(after.name)])
    if (!present.has(unit.config)) world.rollouts.dismiss(unit);
  for (const config of after.configs) {
    const unit = syncUnit(world, after, config, gains.has(config.name), now);
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
  for (const state of states) {
    const [tenant = '', config = ''] = state.unit.split('/', 2);
    const snapshot = world.inForce.get(tenant)?.snapshot;
    const declared = snapshot?.configs.find(({ name }) => name === config);
    const policy = snapshot && declared ? policyOf(snapshot, declared) : defaultRollout;
    const gate = gateOf(policy, snapshot);
    world.rollouts.add({ tenant, config, state, policy, gate, present: declared !== undefined });
  }
  for (const { tenants } of loaded) for (const snapshot of tenants.values()) world.archive.keep(snapshot);
  for (const { snapshot } of world.inForce.values()) syncUnits(world, snapshot, new Set(), now);
  world.archive.retain(neededTargets(world));
}

/** No AgentConfig of a removed tenant is in force; its rollouts wait for a revert. */
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

function syncUnit(
  world: World,
  after: TenantSnapshot,
  config: AgentConfig,
  gainsAgents: boolean,
  now: number,
): Unit | undefined {
  const policy = policyOf(after, config);
  const gate = gateOf(policy, after);
  const target: RolloutTarget = { key: config.targetKey, source: after.revision };
  const known = world.rollouts.of(after.name, config.name);
  if (!known) {
    const id = `${after.name}/${config.name}`;
    const state = startRollout(id, target, policy, now);
    return world.rollouts.add({
      tenant: after.name,
      config: config.name,
      state,
      policy,
      gate,
      present: true,
    });
  }
  const wasPresent = known.present;
  const wasPolicy = known.policy;
  if (known.policy.name !== policy.name) known.orders.clear();
  Object.assign(known, { policy, gate, present: true });
  const state = supersede(known.state, { target, gainsAgents }, policy, now);
  const isSame = state === known.state;
  known.state = state;
  world.rollouts.touch(known.id);
  return isSame && wasPresent && JSON.stringify(wasPolicy) === JSON.stringify(policy) ? undefined : known;
}

/** `immediate` knows no gates; the fleet's freezes hold every other rollout. */
function gateOf(policy: RolloutPolicy, tenant: TenantSnapshot | undefined) {
  return timeGateOf(policy, policy.immediate ? [] : (tenant?.fleet.freezes ?? []));
}

/** The policy that an AgentConfig names, or the built-in one. */
export function policyOf(tenant: TenantSnapshot, { rollout }: Pick<AgentConfig, 'rollout'>): RolloutPolicy {
  if (rollout === 'immediate') return immediateRollout;
  return (rollout === undefined ? undefined : tenant.rollouts.get(rollout)) ?? defaultRollout;
}

/** The targets that agents may have to be given. */
export function* neededTargets(world: World): IterableIterator<NeededTarget> {
  for (const { tenant, config, state } of world.rollouts.units())
    for (const target of [state.target, state.lastGood, state.previousGood, state.pin?.target])
      if (target) yield { tenant, config, key: target.key };
}
