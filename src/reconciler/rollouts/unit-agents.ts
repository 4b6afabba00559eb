import type { RosterEntry } from '../../fleet/index.ts';
import type { AgentConfig } from '../../model/index.ts';
import type { World } from '../world.ts';
import type { Unit } from './rollout-book.ts';
import type { UnitName } from './unit-id.ts';

/** The agents that a rollout is about. */
export function agentsOf({ registry }: World, unit: UnitName): Iterable<RosterEntry> {
  return unit.kind === 'config'
    ? registry.ofConfig(unit.tenant, unit.name)
    : registry.ofPackage(unit.tenant, unit.name);
}

/** Whether an agent takes part in a rollout: whoever is in conflict is its AgentConfig's, and no part of it. */
export function isPartOf(
  { kind, id }: Pick<Unit, 'kind' | 'id'>,
  { rollout, packages }: RosterEntry,
): boolean {
  return (kind === 'config' ? rollout : packages)?.unit === id;
}

/** The AgentConfig in force behind a rollout: `paused` and `after` are its own, and a Package has neither. */
export function configOf({ inForce }: World, { kind, tenant, name }: UnitName): AgentConfig | undefined {
  return kind === 'config' ? inForce.get(tenant)?.configs.get(name) : undefined;
}
