import { type AgentTypeAdapter, agentTypes, type Layer, type Origin } from '../../agent-types/index.ts';
import type { AgentConfig, Assigned, ConfigNode, Problem, TenantSnapshot } from '../../model/index.ts';
import { renderProblem } from '../render-problems.ts';
import { composeScope, type Scope } from '../variables/scope.ts';
import { substituteVariables } from '../variables/substitute.ts';
import { findHomelessOverlays, type PlannedFile, type PlannedLayer, planFiles } from './file-plan.ts';
import type { LayerReader } from './layer-reader.ts';

/** Where one layer comes from. */
export interface RenderedLayer {
  readonly file: string;
  readonly overlay?: string;
}

/** One entry of the AgentConfigMap as a tree. */
export interface RenderedTreeFile {
  readonly key: string;
  readonly contentType: string;
  /** The merged tree with variables filled in; `$(secrets.…)` stays as written. */
  readonly tree: ConfigNode;
  /** The merged tree with `$(…)` as written. */
  readonly merged: ConfigNode;
  /** Which of `layers`, from 1, set which node of `merged` (and, at the same path, of `tree`). */
  readonly origin: Origin;
  readonly layers: readonly RenderedLayer[];
}

/** What an AgentConfig with some overlays comes to, before it is written out. */
export interface RenderedTree {
  /** Empty where a problem is an error or a body is not at hand. */
  readonly files: readonly RenderedTreeFile[];
  /** The tree of the first file: the only one for most types. */
  readonly tree: ConfigNode | undefined;
  readonly problems: readonly Problem[];
  /** Names of `vars` that the bodies use. */
  readonly usedVars: ReadonlySet<string>;
  /** Names of secrets that the bodies use; no tree ever holds their values. */
  readonly usedSecrets: ReadonlySet<string>;
  /** Paths of files whose bytes are not at hand. */
  readonly missing: readonly string[];
}

/** Which rendering: the AgentConfig, the indexes of its overlays, and one agent's attributes. */
export type RenderTarget = Pick<Assigned, 'config' | 'overlays' | 'agentVars'>;

/** How far a tree is rendered. */
export interface RenderTreeOptions {
  /** Leaves `$(agent.…)` as it is, to look at what all agents have in common. */
  readonly openAgentVars?: boolean;
}

interface RenderContext {
  readonly adapter: AgentTypeAdapter;
  readonly reader: LayerReader;
  readonly scope: Scope;
  readonly problems: Problem[];
  readonly usedVars: Set<string>;
  readonly usedSecrets: Set<string>;
  readonly missing: string[];
}

/** Merges the layers of an AgentConfig and fills in variables; mistakes are problems with tenant, config and layer. */
export function renderConfigTree(
  tenant: TenantSnapshot,
  config: AgentConfig,
  target: RenderTarget,
  reader: LayerReader,
  options: RenderTreeOptions = {},
): RenderedTree {
  const adapter = agentTypes[config.type];
  const context: RenderContext = {
    adapter,
    reader,
    scope: composeScope(tenant, config, target, options),
    problems: [],
    usedVars: new Set(),
    usedSecrets: new Set(),
    missing: [],
  };
  for (const { name, at } of findHomelessOverlays(config, target.overlays)) {
    const message = `overlay "${name}" changes a body, but this AgentConfig has several files and it cannot say which`;
    context.problems.push(renderProblem('FR214', at, message));
  }
  const planned = planFiles(config, target.overlays, adapter);
  const rendered = planned.map((file) => renderFile(file, context));
  const { usedVars, usedSecrets, missing } = context;
  const problems = context.problems.map((problem) => ({
    ...problem,
    tenant: tenant.name,
    config: config.name,
  }));
  const failed = missing.length > 0 || problems.some(({ severity }) => severity === 'error');
  const files = failed ? [] : rendered.filter((file) => file !== undefined);
  return { files, tree: files[0]?.tree, problems, usedVars, usedSecrets, missing };
}

function renderFile(file: PlannedFile, context: RenderContext): RenderedTreeFile | undefined {
  const layers = readLayers(file.layers, context);
  if (!layers) return undefined;
  const merged = context.adapter.merge(layers);
  const filled = substituteVariables(merged.tree, context.scope);
  for (const name of filled.used) context.usedVars.add(name);
  for (const name of filled.usedSecrets) context.usedSecrets.add(name);
  const found = [...merged.problems, ...filled.problems];
  context.problems.push(...found.map((problem) => withLayer(problem, file.layers)));
  const key = file.key ?? context.adapter.keyOf?.(filled.tree);
  if (key === undefined) {
    const message = 'the resource needs metadata.namespace and metadata.name';
    context.problems.push(renderProblem('FR209', filled.tree.at, message));
    return undefined;
  }
  const faults = context.adapter.check?.(filled.tree, key) ?? [];
  context.problems.push(...faults.map((problem) => withLayer(problem, file.layers)));
  return {
    key,
    contentType: file.contentType,
    tree: filled.tree,
    merged: merged.tree,
    origin: merged.origin,
    layers: file.layers.map(({ source, overlay }) => {
      return { file: fileOf(source), ...(overlay && { overlay: overlay.name }) };
    }),
  };
}

function readLayers(planned: readonly PlannedLayer[], context: RenderContext): readonly Layer[] | undefined {
  const layers: Layer[] = [];
  for (const { source, overlay, remove } of planned) {
    const body = context.reader.read(source, context.adapter);
    if (!body) context.missing.push(fileOf(source));
    context.problems.push(...(body?.problems ?? []).map((problem) => withLayer(problem, planned)));
    if (!body?.tree) continue;
    layers.push({
      tree: body.tree,
      lists: overlay?.lists ?? 'replace',
      remove,
      at: overlay?.at ?? source.at,
    });
  }
  return layers.length === planned.length && layers.length > 0 ? layers : undefined;
}

function withLayer(problem: Problem, layers: readonly PlannedLayer[]): Problem {
  const index = layers.findLastIndex(({ source }) => fileOf(source) === problem.file);
  return index < 0 ? problem : { ...problem, layer: `${index + 1} of ${layers.length}` };
}

function fileOf(source: PlannedLayer['source']): string {
  return source.kind === 'file' ? source.path : source.at.file;
}
