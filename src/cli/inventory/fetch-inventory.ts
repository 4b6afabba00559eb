import type { AgentDetail, AgentView } from '../../http-api/index.ts';
import type { ApiClient } from '../api-client.ts';
import { fetchAll } from '../fetch-all.ts';

/** Which agents; every one without any of these. */
export interface AgentFilterOptions {
  readonly tenant?: string;
  readonly selector?: string;
  readonly delivery?: string;
  readonly revision?: string;
  readonly rollout?: string;
  readonly step?: string;
  readonly sort?: string;
}

const filterNames = ['tenant', 'selector', 'delivery', 'revision', 'rollout', 'step', 'sort'] as const;

/** What the offline commands take as `--inventory`: agents, and the components of each build once, by its hash. */
export interface Inventory {
  readonly items: readonly InventoryItem[];
  readonly builds: Readonly<Record<string, readonly string[]>>;
}

interface InventoryItem extends AgentView {
  /** `components` names an entry of `builds`; null where the agent does not tell what its build holds. */
  readonly build: { readonly name: string; readonly version: string; readonly components: string | null };
  /** Hash of the config that it runs. */
  readonly hash: string | null;
}

/** All agents of a running server that match, in its order; or those of the first pages of 1,000. */
export async function fetchAgents(
  client: ApiClient,
  filter: AgentFilterOptions,
  pages?: number,
): Promise<readonly AgentView[]> {
  const asked = filterNames.flatMap((name) => (filter[name] ? [[name, filter[name]] as const] : []));
  return fetchAll<AgentView>(client, '/agents', Object.fromEntries(asked), pages);
}

/** The inventory of a running server: its agents, and one of each build asked for the build's components. */
export async function fetchInventory(client: ApiClient, filter: AgentFilterOptions): Promise<Inventory> {
  const agents = await fetchAgents(client, filter);
  const builds: Record<string, readonly string[]> = {};
  for (const { uid, buildHash } of agents) {
    if (buildHash === null || Object.hasOwn(builds, buildHash)) continue;
    const { components } = await client.get<AgentDetail>(`/agents/${encodeURIComponent(uid)}`);
    if (components) builds[buildHash] = components;
  }
  return { items: agents.map((agent) => toItem(agent, builds)), builds };
}

function toItem(agent: AgentView, builds: Inventory['builds']): InventoryItem {
  const name = agent.labels['service.name'];
  const { buildHash, version } = agent;
  const components = buildHash !== null && Object.hasOwn(builds, buildHash) ? buildHash : null;
  return {
    ...agent,
    build: { name: typeof name === 'string' ? name : '', version, components },
    hash: agent.appliedHash ?? null,
  };
}
