import type { RenderedTree, RenderedTreeFile, Renderer } from '../../desired-state/index.ts';
import type { AgentConfig, ConfigNode, Problem, TenantSnapshot } from '../../model/index.ts';
import type { SettingsShape } from '../component-schemas/index.ts';
import { repoProblem } from '../problem.ts';
import { collectorRules, lintConfig } from '../rules/index.ts';
import type { BodyTrees } from './body-trees.ts';
import { buildsOf } from './builds.ts';
import { checkSize } from './check-size.ts';
import { collectorTree, withLayers } from './collector-tree.ts';
import { judgeFile, lintPolicies } from './lint-policies.ts';
import { canApply, chooseOverlaySets } from './overlay-sets.ts';
import { computeTargetKey } from './target-key.ts';

/** What rendering an AgentConfig in its variants showed. */
export interface LintedConfig {
  readonly problems: readonly Problem[];
  /** Names of variables that its bodies use in any variant. */
  readonly usedVars: readonly string[];
  /** See `AgentConfig.targetKey`. */
  readonly targetKey: string;
}

export interface LintDeps {
  readonly renderer: Renderer;
  readonly trees: BodyTrees;
  /** Schemas that the repo brings along, by `<kind>-<type>`. */
  readonly componentSchemas: ReadonlyMap<string, SettingsShape>;
}

interface Variant {
  readonly overlays: string;
  readonly rendered: RenderedTree;
  readonly files: ReadonlySet<string>;
  readonly problems: readonly Problem[];
  readonly usedVars: ReadonlySet<string>;
}

/** Renders an AgentConfig with the overlay sets that agents can have and runs the rules over each result. */
export function lintAgentConfig(
  tenant: TenantSnapshot,
  config: AgentConfig,
  now: number,
  deps: LintDeps,
): LintedConfig {
  const sets = chooseOverlaySets(config, now);
  const variants = sets.map((overlays) => lintVariant(tenant, config, overlays, deps));
  const dead = config.overlays.flatMap((overlay, index) =>
    canApply(config, index)
      ? []
      : [
          repoProblem(
            'FR044',
            overlay.at,
            `overlay "${overlay.name}" excludes what the AgentConfig selects; it never applies`,
          ),
        ],
  );
  return {
    problems: [
      ...dead,
      ...mergeVariants(variants),
      ...lintPolicies(tenant, config, sets, now, deps.renderer),
    ],
    usedVars: [...new Set(variants.flatMap(({ usedVars }) => [...usedVars]))],
    targetKey: computeTargetKey(
      tenant,
      config,
      deps.renderer,
      new Map(variants.map(({ overlays, rendered }) => [overlays, rendered])),
    ),
  };
}

function lintVariant(
  tenant: TenantSnapshot,
  config: AgentConfig,
  overlays: readonly number[],
  deps: LintDeps,
): Variant {
  const target = { config: config.name, overlays, agentVars: [] };
  const rendered = deps.renderer.renderTree(tenant, target, { openAgentVars: true });
  const found = rendered.files.flatMap((file) => lintFile(tenant, config, overlays, file, deps));
  const problems = [...rendered.problems, ...checkSize(tenant, config, rendered), ...found];
  return {
    overlays: overlays.join(),
    rendered,
    files: new Set(rendered.files.flatMap((file) => file.layers.map((layer) => layer.file))),
    problems: problems.map((problem) => ({ ...problem, tenant: tenant.name, config: config.name })),
    usedVars: rendered.usedVars,
  };
}

function lintFile(
  tenant: TenantSnapshot,
  config: AgentConfig,
  overlays: readonly number[],
  file: RenderedTreeFile,
  { trees, componentSchemas }: LintDeps,
): readonly Problem[] {
  const isResource = config.type === 'otelcol-cr';
  const policed = judgeFile(tenant, config, file);
  const tree = collectorTree(config, file);
  if (!tree) return policed;
  const problems = lintConfig(tree, {
    layers: isResource ? [] : layersOf(config, overlays, trees),
    featureGates: config.requires.featureGates,
    builds: buildsOf(config.selector),
    version: config.requires.version,
    env: config.requires.env,
    componentSchemas,
    severities: tenant.fleet.rules,
  });
  return [...withLayers(problems, file), ...policed];
}

function layersOf(config: AgentConfig, overlays: readonly number[], trees: BodyTrees): readonly ConfigNode[] {
  const sources = [...config.layers, ...overlays.flatMap((index) => config.overlays[index]?.config ?? [])];
  // One layer cannot contradict another.
  if (sources.length < 2) return [];
  return sources.flatMap((source) => trees.treeOf(source, config.type) ?? []);
}

const wholeFleetRules = new Set(
  collectorRules.filter((rule) => rule.needsEveryVariant).map(({ code }) => code),
);

/** One problem per fault, and none that another variant answers: an exporter may be there for one overlay. */
function mergeVariants(variants: readonly Variant[]): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const { problems } of variants) {
    for (const problem of problems) {
      const key = faultKey(problem);
      if (!found.has(key) && isEverywhere(problem, key, variants)) found.set(key, problem);
    }
  }
  return [...found.values()];
}

function isEverywhere(problem: Problem, key: string, variants: readonly Variant[]): boolean {
  if (!wholeFleetRules.has(problem.code)) return true;
  return variants.every(
    ({ files, problems }) => !files.has(problem.file) || problems.some((one) => faultKey(one) === key),
  );
}

function faultKey({ code, file, line, column }: Problem): string {
  return `${code} ${file}:${line}:${column}`;
}
