import { type AgentTypeAdapter, agentTypes, computeConfigHash } from '../../agent-types/index.ts';
import {
  type AgentConfig,
  type Assigned,
  createLruMap,
  type OpenedSecrets,
  type Problem,
  type RenderedFile,
  type RenderResult,
  type TenantSnapshot,
} from '../../model/index.ts';
import { deliverSecrets, maskedSecrets } from './deliver-secrets.ts';
import { createLayerReader, type ReadBody } from './layer-reader.ts';
import { findRefusals } from './refuse.ts';
import {
  type RenderedTree,
  type RenderedTreeFile,
  type RenderTarget,
  type RenderTreeOptions,
  renderConfigTree,
} from './render-tree.ts';

/** Where a renderer finds bodies, and how much it keeps. */
export interface RendererDeps {
  readonly readBody: ReadBody;
  /** Rendered results kept by render key. */
  readonly maxCacheEntries: number;
  /** The tenant's secrets at its revision. Without it, secrets are written as `[secret]`. */
  readonly secretsOf?: (tenant: TenantSnapshot) => OpenedSecrets | undefined;
}

/** Renders desired configs; equal render keys are rendered once. */
export interface Renderer {
  /** Bytes and hash, or held with the problems that stand in the way. */
  render(tenant: TenantSnapshot, assigned: Assigned): RenderResult;
  /** The merged trees behind a rendering, for rules, provenance and comparison. An unknown AgentConfig has no files. */
  renderTree(tenant: TenantSnapshot, target: RenderTarget, options?: RenderTreeOptions): RenderedTree;
}

/** Parsed files kept; a fleet repo has far fewer bodies than renderings. */
const maxParsedFiles = 2_000;

const noTree: RenderedTree = {
  files: [],
  tree: undefined,
  problems: [],
  usedVars: new Set(),
  usedSecrets: new Set(),
  missing: [],
};

/** A renderer over the bodies that `readBody` has; keeps parsed files and results, both bounded. */
export function createRenderer({ readBody, maxCacheEntries, secretsOf }: RendererDeps): Renderer {
  const reader = createLayerReader(readBody, maxParsedFiles);
  const results = createLruMap<string, RenderResult>(maxCacheEntries);
  const keep = (renderKey: string, result: RenderResult) => {
    results.set(renderKey, result);
    return result;
  };
  return {
    render(tenant, assigned) {
      const known = results.get(assigned.renderKey);
      if (known) return known;
      const config = findConfig(tenant, assigned.config);
      if (!config)
        return { kind: 'held', reason: `AgentConfig ${assigned.config} does not exist`, problems: [] };
      const rendered = renderConfigTree(tenant, config, assigned, reader);
      const [absent] = rendered.missing;
      if (absent !== undefined) return { kind: 'held', reason: `${absent} is not at hand yet`, problems: [] };
      if (rendered.usedSecrets.size === 0)
        return keep(assigned.renderKey, composeResult(tenant, config, rendered));
      const secrets = secretsOf ? secretsOf(tenant) : maskedSecrets(tenant);
      if (!secrets)
        return { kind: 'held', reason: `the secrets of ${tenant.name} are not open`, problems: [] };
      const delivery = { files: deliverSecrets(tenant, config, assigned, rendered, secrets), secrets };
      return keep(assigned.renderKey, composeResult(tenant, config, rendered, delivery));
    },
    renderTree(tenant, target, options) {
      const config = findConfig(tenant, target.config);
      return config ? renderConfigTree(tenant, config, target, reader, options) : noTree;
    },
  };
}

function findConfig(tenant: TenantSnapshot, name: string): AgentConfig | undefined {
  return tenant.configs.find((config) => config.name === name);
}

/** A rendering with secrets: what agents get, and the key of its hash. */
interface Delivery {
  readonly files: readonly RenderedTreeFile[];
  readonly secrets: Partial<OpenedSecrets>;
}

function composeResult(
  tenant: TenantSnapshot,
  config: AgentConfig,
  rendered: RenderedTree,
  delivery?: Delivery,
): RenderResult {
  if (rendered.files.length === 0) return hold(rendered.problems);
  const adapter = agentTypes[config.type];
  const files = delivery?.files ?? rendered.files;
  const written = writeFiles(adapter, files);
  const refusals = findRefusals(tenant, config, rendered, written);
  if (refusals.length > 0) return hold([...rendered.problems, ...refusals]);
  const components = new Set(rendered.files.flatMap(({ tree }) => adapter.components(tree)));
  const hash = computeConfigHash(files, config.attempt, delivery?.secrets.hashKey);
  const shown = delivery && { shown: writeFiles(adapter, rendered.files) };
  return {
    kind: 'rendered',
    config: { hash, files: written, components: [...components].sort(), ...shown },
  };
}

const encoder = new TextEncoder();

function writeFiles(adapter: AgentTypeAdapter, files: readonly RenderedTreeFile[]): readonly RenderedFile[] {
  return files.map(({ key, contentType, tree }): RenderedFile => {
    return { key, contentType, body: encoder.encode(adapter.render(tree)) };
  });
}

function hold(problems: readonly Problem[]): RenderResult {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const reason = first
    ? `${first.code} ${first.file}:${first.line}:${first.column} ${first.message}${more}`
    : 'nothing to render';
  return { kind: 'held', reason, problems };
}
