import type { RenderedTreeFile, Renderer } from '../../desired-state/index.ts';
import { getEntry, getPath } from '../../manifests/index.ts';
import type { AgentConfig, ConfigNode, Problem, TenantSnapshot } from '../../model/index.ts';
import { checkPolicies, judgesConfigs } from '../policy/check-policies.ts';
import { repoProblem } from '../problem.ts';
import { collectorTree, withLayers } from './collector-tree.ts';
import { listOverlaySets } from './overlay-sets.ts';

/** Arguments of a collector that add config to what the resource shows. */
const configArguments = ['config', 'set'];

/** Sets of overlays of one AgentConfig that are rendered for a policy. */
const maxSets = 64;

/**
 * What a policy needs beyond the usual variants: two overlays together may say what neither says alone, so every set
 * that agents can have is judged, but for those that `seen` lists. What cannot be judged is refused.
 */
export function lintPolicies(
  tenant: TenantSnapshot,
  config: AgentConfig,
  seen: readonly (readonly number[])[],
  now: number,
  renderer: Renderer,
): readonly Problem[] {
  if (!tenant.manifest.policies.some(judgesConfigs)) return [];
  if (config.type === 'raw') {
    const message =
      'bodies of type raw are passed on unseen, so the policy on components and endpoints cannot be checked';
    return [repoProblem('FR064', config.at, message)];
  }
  const sets = listOverlaySets(config, now, maxSets);
  if (!sets) {
    const message = `agents can have more than ${maxSets} combinations of these overlays, so the policy cannot be checked; let their \`when\` exclude each other`;
    return [repoProblem('FR064', config.at, message)];
  }
  const known = new Set(seen.map((set) => set.join()));
  return sets
    .filter((set) => !known.has(set.join()))
    .flatMap((set) => judgeSet(tenant, config, set, renderer));
}

/** What one rendered file holds against the policies that bind its tenant. */
export function judgeFile(
  { manifest: { policies } }: TenantSnapshot,
  config: AgentConfig,
  file: RenderedTreeFile,
): readonly Problem[] {
  if (!policies.some(judgesConfigs)) return [];
  const tree = collectorTree(config, file);
  const hidden = config.type === 'otelcol-cr' ? findConfigArguments(file.tree) : [];
  return withLayers([...(tree ? checkPolicies(tree, policies) : []), ...hidden], file);
}

function findConfigArguments(resource: ConfigNode): readonly Problem[] {
  const args = getPath(resource, 'spec::args');
  return configArguments.flatMap((name) => {
    const entry = getEntry(args, name);
    const message = `spec.args.${name} adds config that the policy cannot see; write it under spec.config`;
    return entry ? [repoProblem('FR064', entry.key.at, message)] : [];
  });
}

function judgeSet(
  tenant: TenantSnapshot,
  config: AgentConfig,
  overlays: readonly number[],
  renderer: Renderer,
): readonly Problem[] {
  const target = { config: config.name, overlays, agentVars: [] };
  const { files } = renderer.renderTree(tenant, target, { openAgentVars: true });
  const problems = files.flatMap((file) => judgeFile(tenant, config, file));
  return problems.map((problem) => ({ ...problem, tenant: tenant.name, config: config.name }));
}
