import type { RosterEntry } from '../../fleet/index.ts';
import type { AgentConfig } from '../../model/index.ts';
import type { World } from '../world.ts';
import type { UnitName } from './unit-id.ts';

/** The agents that a rollout is about. */
export function agentsOf({ registry }: World, unit: UnitName): Iterable<RosterEntry> {
  return unit.kind === 'config'
    ? registry.ofConfig(unit.tenant, unit.name)
    : registry.ofPackage(unit.tenant, unit.name);
}

/** Whether an agent is one of those. */
export function isAgentOf(
  { kind, tenant, name }: UnitName,
  { agent, facts, packages }: RosterEntry,
): boolean {
  return agent.tenant === tenant && (kind === 'config' ? facts.config : packages?.name) === name;
}

/** The AgentConfig in force behind a rollout: `paused` and `after` are its own, and a Package has neither. */
export function configOf({ inForce }: World, { kind, tenant, name }: UnitName): AgentConfig | undefined {
  return kind === 'config' ? inForce.get(tenant)?.configs.get(name) : undefined;
}
