import {
  createAssigner,
  createRenderer,
  type Renderer,
  type RendererDeps,
} from '../../../../desired-state/index.ts';
import type { Assigned, Labels, Problem, Snapshot, TenantSnapshot } from '../../../../model/index.ts';
import { checkInventory, type InventoryAgent } from './check-inventory.ts';

/** An agent of an inventory: whose it is, and what selects its config. */
export interface FleetAgent extends InventoryAgent {
  readonly tenant: string;
  readonly labels: Labels;
}

/** Renderings kept while an inventory is gone through. */
const maxRenderings = 1_000;

/**
 * Which agents cannot run the config that the snapshot gives them, as problems at their AgentConfigs: an error where an
 * agent's own list of components says so, a warning where its build is a guess. Agents without a config, and configs
 * that do not render, are told elsewhere.
 */
export function checkFleetBuilds(
  { tenants }: Pick<Snapshot, 'tenants'>,
  agents: readonly FleetAgent[],
  readBody: RendererDeps['readBody'],
  now: number,
): readonly Problem[] {
  const renderer = createRenderer({ readBody, maxCacheEntries: maxRenderings });
  return [...tenants.values()].flatMap((tenant) => {
    const own = agents.filter((agent) => agent.tenant === tenant.name);
    return groupByRendering(tenant, own, now).flatMap((group) => checkGroup(tenant, group, renderer));
  });
}

/** Agents that get one and the same rendering. */
interface Group {
  readonly assigned: Assigned;
  readonly agents: InventoryAgent[];
}

function groupByRendering(
  tenant: TenantSnapshot,
  agents: readonly FleetAgent[],
  now: number,
): readonly Group[] {
  const assigner = createAssigner(tenant);
  const groups = new Map<string, Group>();
  for (const agent of agents) {
    const assigned = assigner.assign(agent.labels, now);
    if (assigned.kind !== 'assigned') continue;
    const group = groups.get(assigned.renderKey);
    if (group) group.agents.push(agent);
    else groups.set(assigned.renderKey, { assigned, agents: [agent] });
  }
  return [...groups.values()];
}

function checkGroup(
  tenant: TenantSnapshot,
  { assigned, agents }: Group,
  renderer: Renderer,
): readonly Problem[] {
  const config = tenant.configs.find(({ name }) => name === assigned.config);
  const rendered = renderer.render(tenant, assigned);
  const set = tenant.fleet.rules.get('OC020');
  if (!config || rendered.kind !== 'rendered' || set === 'off') return [];
  const { file, line, column } = config.at;
  const needed = [...new Set([...rendered.config.components, ...config.requires.components])];
  return checkInventory(needed, agents).map(({ severity, message }) => ({
    code: 'OC020',
    severity: set ?? severity,
    file,
    line,
    column,
    message,
    tenant: tenant.name,
    config: config.name,
  }));
}
