import { createAssigner } from '../../desired-state/index.ts';
import type { AgentConfig, Problem, Snapshot, TenantSnapshot } from '../../model/index.ts';
import { applyFleetLabels } from '../../selectors/index.ts';
import { checkFleetBuilds, describeBuild, type FleetAgent, type ReadBlob } from '../../validation/index.ts';
import { type InventoryEntry, nameOf } from '../inventory/index.ts';

/** Agents named in one message. */
const named = 3;

/**
 * What a snapshot would do wrong to the agents of an inventory, as problems at AgentConfigs: agents whose builds cannot
 * run what they get, and agents that two AgentConfigs claim with the same priority.
 */
export function checkAgainstInventory(
  snapshot: Snapshot,
  inventory: readonly InventoryEntry[],
  readBlob: ReadBlob,
  now: number,
): readonly Problem[] {
  const agents = toFleetAgents(snapshot, inventory);
  const builds = checkFleetBuilds(snapshot, agents, (_path, blob) => readBlob(blob), now);
  const overlaps = [...snapshot.tenants.values()].flatMap((tenant) => findOverlaps(tenant, agents, now));
  return [...builds, ...overlaps];
}

/** One `Build` for all agents that have it, which is what makes judging many agents cheap. */
function toFleetAgents({ tenants }: Snapshot, inventory: readonly InventoryEntry[]): readonly FleetAgent[] {
  const builds = new Map<string, FleetAgent['build']>();
  const numbers = new Map<ReadonlySet<string>, number>();
  return inventory.map((entry) => {
    const { components, service } = entry;
    if (components && !numbers.has(components)) numbers.set(components, numbers.size);
    const number = components && numbers.get(components);
    const key = JSON.stringify([number ?? null, service.name, service.version]);
    const build =
      builds.get(key) ??
      describeBuild({ components, serviceName: service.name, serviceVersion: service.version });
    builds.set(key, build);
    // The rules of this revision are applied anew: an inventory may be older than they are.
    const rules = tenants.get(entry.tenant)?.fleet.labels;
    const labels = rules ? applyFleetLabels(entry.labels, rules) : entry.labels;
    return { name: nameOf(entry), tenant: entry.tenant, labels, build };
  });
}

function findOverlaps(
  tenant: TenantSnapshot,
  agents: readonly FleetAgent[],
  now: number,
): readonly Problem[] {
  const assigner = createAssigner(tenant);
  const found = new Map<string, { readonly configs: readonly string[]; readonly names: string[] }>();
  for (const { name, labels } of agents.filter((agent) => agent.tenant === tenant.name)) {
    const assigned = assigner.assign(labels, now);
    if (assigned.kind !== 'conflict') continue;
    const key = assigned.configs.join(' ');
    const overlap = found.get(key) ?? { configs: assigned.configs, names: [] };
    overlap.names.push(name);
    found.set(key, overlap);
  }
  return [...found.values()].flatMap(({ configs, names }) => {
    const config = tenant.configs.find(({ name }) => name === configs.at(-1));
    return config ? [describeOverlap(tenant, config, configs, names)] : [];
  });
}

function describeOverlap(
  tenant: TenantSnapshot,
  config: AgentConfig,
  configs: readonly string[],
  names: readonly string[],
): Problem {
  const shown = names.slice(0, named).join(', ');
  const more = names.length > named ? ` and ${names.length - named} more` : '';
  const who = `${names.length} ${names.length === 1 ? 'agent' : 'agents'}`;
  const message = `${configs.map((name) => `"${name}"`).join(' and ')} have priority ${config.priority} and match ${who} of the inventory: ${shown}${more}; narrow a selector or give one of them another priority`;
  const { file, line, column } = config.at;
  return {
    code: 'FR035',
    severity: 'error',
    file,
    line,
    column,
    message,
    tenant: tenant.name,
    config: config.name,
  };
}
