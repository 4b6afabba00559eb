import type { RosterEntry } from '../../fleet/index.ts';
import type { AgentConfig, Assigned, ConfigView, LayerSource, Position } from '../../model/index.ts';
import { explainSelector, formatRequirement, formatSelector } from '../../selectors/index.ts';
import type { World } from '../world.ts';
import { viewTenantConfig } from './tenant-view.ts';
import { visitInSlices } from './visit-in-slices.ts';

const maxRenderings = 10;
const maxExcluded = 3;
const maxAgentsAsked = 1_000;
const maxProblems = 100;

type Rendering = {
  -readonly [Name in keyof ConfigView['renderings'][number]]: ConfigView['renderings'][number][Name];
};

/** One AgentConfig that is in force; undefined where there is none in scope. */
export async function viewConfig(
  world: World,
  breathe: () => Promise<void>,
  { scope, tenant, name }: { readonly scope: string; readonly tenant: string; readonly name: string },
): Promise<ConfigView | undefined> {
  const inForce = world.inForce.get(tenant);
  const config = inForce?.configs.get(name);
  if (!inForce || !config || (scope !== '*' && scope !== tenant)) return undefined;
  const found = await surveyAgents(world, breathe, config);
  const renderings = [...found.renderings.values()].sort((a, b) => b.agents - a.agents);
  const problems = world.head?.snapshot.tenants.get(tenant)?.problems ?? [];
  return {
    ...viewTenantConfig(world, config),
    tenant,
    inForce: inForce.snapshot.revision,
    selectorText: formatSelector(config.selector) || 'everything',
    rollout: config.rollout ?? null,
    after: config.after,
    paused: config.paused,
    layers: layersOf(config, found),
    renderings: renderings.slice(0, maxRenderings),
    distinct: renderings.length,
    lacking: mostFirst(found.lacking, 'component'),
    excluded: found.agents > 0 ? [] : listExcluded(world, config),
    problems: problems.filter((problem) => problem.config === name).slice(0, maxProblems),
  };
}

/** What `showDesired` needs for one of the config's renderings: the one of that hash, else the commonest, else the bare one. */
export async function renderingOf(
  world: World,
  breathe: () => Promise<void>,
  config: AgentConfig,
  hash: string | undefined,
): Promise<Assigned | undefined> {
  const { renderings, assigned } = await surveyAgents(world, breathe, config);
  if (hash !== undefined) return assigned.get(hash);
  const [first] = [...renderings.values()].sort((a, b) => b.agents - a.agents);
  const bare = { kind: 'assigned', config: config.name, overlays: [], agentVars: [], renderKey: '' } as const;
  return first ? assigned.get(first.hash) : bare;
}

interface Survey {
  agents: number;
  readonly renderings: Map<string, Rendering>;
  readonly assigned: Map<string, Assigned>;
  /** By index. */
  readonly overlays: Map<number, number>;
  readonly lacking: Map<string, number>;
}

async function surveyAgents(
  world: World,
  breathe: () => Promise<void>,
  config: AgentConfig,
): Promise<Survey> {
  const survey: Survey = {
    agents: 0,
    ...{ renderings: new Map(), assigned: new Map(), overlays: new Map(), lacking: new Map() },
  };
  await visitInSlices(world.registry.ofConfig(config.tenant, config.name), breathe, (entry) =>
    noteAgent(survey, world, config, entry),
  );
  return survey;
}

function noteAgent(
  survey: Survey,
  world: World,
  config: AgentConfig,
  { agent, assignment }: RosterEntry,
): void {
  survey.agents += 1;
  if (assignment.kind !== 'assigned') return;
  for (const index of assignment.overlays) count(survey.overlays, index);
  const result = world.renderings.get(assignment.renderKey);
  if (result?.kind !== 'rendered') return;
  const { hash } = result.config;
  const known = survey.renderings.get(hash);
  if (known) known.agents += 1;
  else {
    const overlays = assignment.overlays.flatMap((index) => config.overlays[index]?.name ?? []);
    survey.renderings.set(hash, { hash, agents: 1, sample: agent.uid, overlays });
    survey.assigned.set(hash, assignment);
  }
  if (config.type === 'otelcol-cr') return;
  for (const component of world.components.missing(agent, result.config, config))
    count(survey.lacking, component);
}

function layersOf(config: AgentConfig, found: Survey): ConfigView['layers'] {
  const own = [...config.layers, ...config.files.flatMap(({ layers }) => layers)];
  return [
    ...own.map((layer) => {
      return { path: layerPath(layer, config.at), overlay: null, when: null, agents: found.agents };
    }),
    ...config.overlays.flatMap(({ name, config: layers, at, when }, index) => {
      const reach = { overlay: name, when: formatSelector(when), agents: found.overlays.get(index) ?? 0 };
      return layers.map((layer) => ({ path: layerPath(layer, at), ...reach }));
    }),
  ];
}

/** Where a layer is written: its file, or its place in the manifest. */
export function layerPath(layer: LayerSource, { file }: Position): string {
  return layer.kind === 'file' ? layer.path : `${file}:${layer.at.line}`;
}

function listExcluded(world: World, { tenant, selector }: AgentConfig): ConfigView['excluded'] {
  const counts = new Map<string, number>();
  let asked = 0;
  for (const { agent } of world.registry.ofTenant(tenant)) {
    asked += 1;
    if (asked > maxAgentsAsked) break;
    const failing = explainSelector(selector, agent.labels);
    if (failing) count(counts, formatRequirement(failing));
  }
  return mostFirst(counts, 'failing').slice(0, maxExcluded);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFirst<Name extends string>(
  counts: ReadonlyMap<string, number>,
  name: Name,
): readonly (Readonly<Record<Name, string>> & { readonly agents: number })[] {
  const items = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return items.map(
    ([text, agents]) => ({ [name]: text, agents }) as Record<Name, string> & { agents: number },
  );
}
