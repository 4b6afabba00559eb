import { createAssigner } from '../../desired-state/index.ts';
import type { Snapshot } from '../../model/index.ts';
import type { InventoryEntry } from '../inventory/index.ts';
import type { ComponentCatalogue } from './component-catalogue.ts';
import type { ConfigNeeds } from './fleet-needs.ts';

/** One build that runs in a fleet, and what of it no config of its agents uses. */
export interface UnusedOfBuild {
  readonly name: string;
  readonly version: string;
  readonly agents: number;
  /** Components that the build holds; older names do not count beside the newer ones. */
  readonly components: number;
  /** As `kind/type`, sorted. */
  readonly unused: readonly string[];
}

interface RunningBuild {
  readonly name: string;
  readonly version: string;
  readonly held: ReadonlySet<string>;
  readonly used: Set<string>;
  agents: number;
}

/** What the supervisor needs is in use wherever it is. */
const supervisorNeeds = ['receiver/nop', 'exporter/nop', 'extension/opamp'];

/**
 * What of the builds that agents run is used by none of the AgentConfigs that these agents are assigned. Builds are told
 * apart by name, version and components; agents that do not tell their components are left out.
 */
export function findUnused(
  { tenants }: Snapshot,
  agents: readonly InventoryEntry[],
  configs: readonly ConfigNeeds[],
  catalogue: ComponentCatalogue,
  now: number,
): readonly UnusedOfBuild[] {
  const needsOf = new Map(configs.map(({ user, needs }) => [user, [...needs.keys()]]));
  const assigners = new Map([...tenants].map(([name, tenant]) => [name, createAssigner(tenant)]));
  const canonical = (component: string) => catalogue.get(component)?.name ?? component;
  const builds = new Map<string, RunningBuild>();
  for (const agent of agents) {
    if (!agent.components) continue;
    const build = buildOf(agent, agent.components, builds, canonical);
    build.agents += 1;
    const assigned = assigners.get(agent.tenant)?.assign(agent.labels, now);
    if (assigned?.kind !== 'assigned') continue;
    for (const need of needsOf.get(`${agent.tenant}/${assigned.config}`) ?? [])
      build.used.add(canonical(need));
  }
  return [...builds.values()].map(summarize).sort(byName);
}

function buildOf(
  { service }: InventoryEntry,
  components: ReadonlySet<string>,
  builds: Map<string, RunningBuild>,
  canonical: (component: string) => string,
): RunningBuild {
  const key = JSON.stringify([service.name, service.version, [...components].sort()]);
  const known = builds.get(key);
  if (known) return known;
  const held = new Set([...components].map(canonical));
  const build: RunningBuild = { ...service, held, used: new Set(supervisorNeeds), agents: 0 };
  builds.set(key, build);
  return build;
}

function summarize({ name, version, held, used, agents }: RunningBuild): UnusedOfBuild {
  const unused = [...held].filter((component) => !used.has(component)).sort();
  return { name, version, agents, components: held.size, unused };
}

function byName(a: UnusedOfBuild, b: UnusedOfBuild): number {
  return `${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1;
}
