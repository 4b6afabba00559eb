import { createHash } from 'node:crypto';
import { createRenderer } from '../../desired-state/index.ts';
import type { AgentConfig, ConfigNode, LayerSource, TenantSnapshot, TreeEntry } from '../../model/index.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import type { ReadBlob } from '../discovery/repo-files.ts';
import type { RepoMemory } from '../repo-memory.ts';
import { type BodyTrees, createBodyTrees } from './body-trees.ts';
import { type ImportedSchemas, readImportedSchemas, schemaKey } from './imported-schemas.ts';
import { type LintedConfig, lintAgentConfig } from './lint-agent-config.ts';

/** Lints AgentConfigs; one whose inputs are those of an earlier revision is not rendered again. */
export interface ConfigLinter {
  lint(job: LintJob, now: number, schemas: ImportedSchemas): LintedConfig;
  /** A name for everything that linting an AgentConfig looks at. */
  keyOf(job: LintJob, now: number, schemas: ImportedSchemas): string;
  /** Whether the result of a key is at hand. */
  knows(key: string): boolean;
  /** The schemas of a distribution that the repo brings along. */
  schemasIn(entries: readonly TreeEntry[]): ImportedSchemas;
  readonly trees: BodyTrees;
}

/** One AgentConfig that is to be linted, and its tenant. */
export interface LintJob {
  readonly tenant: TenantSnapshot;
  readonly config: AgentConfig;
}

/** A linter with a bounded memory of its own, and one that outlives it where it is given. */
export function createConfigLinter(
  readBlob: ReadBlob,
  memory?: Pick<RepoMemory, 'agentVars' | 'lints'>,
): ConfigLinter {
  const trees = createBodyTrees(readBlob, memory?.agentVars);
  const renderer = createRenderer({ readBody: (_path, blob) => readBlob(blob), maxCacheEntries: 1 });
  const schemas = createBoundedCache<ImportedSchemas>(4);
  const results = createBoundedCache<LintedConfig>(50_000);
  // An AgentConfig object belongs to one revision, so its key is made once for the list of jobs and for the lint.
  const keys = new WeakMap<AgentConfig, string>();
  const nodes = createNodeTexts();
  const keyOf = (job: LintJob, now: number, imported: ImportedSchemas): string => {
    const key = keys.get(job.config) ?? computeKey(job, now, imported, nodes);
    keys.set(job.config, key);
    return key;
  };
  return {
    trees,
    schemasIn: (entries) => schemas.get(schemaKey(entries), () => readImportedSchemas(entries, readBlob)),
    keyOf,
    knows: (key) => memory?.lints.get(key) !== undefined,
    lint(job, now, imported) {
      const key = keyOf(job, now, imported);
      const deps = { renderer, trees, componentSchemas: imported.shapes };
      return results.get(key, () => {
        const known = memory?.lints.get(key);
        if (known) return known;
        const linted = lintAgentConfig(job.tenant, job.config, now, deps);
        memory?.lints.set(key, linted);
        return linted;
      });
    },
  };
}

/** A node as text, its positions included. */
type NodeTexts = (node: ConfigNode) => string;

function computeKey(job: LintJob, now: number, imported: ImportedSchemas, nodes: NodeTexts): string {
  return createHash('sha256')
    .update(`${imported.key} ${describeInputs(job, now, nodes)}`)
    .digest('hex');
}

// The whole AgentConfig and all variables, positions included, since problems carry them: the inputs hash alone would
// tell of a fault in an inline body where it stood before somebody put a comment above it.
function describeInputs({ tenant, config }: LintJob, now: number, nodes: NodeTexts): string {
  const { fleet, manifest } = tenant;
  const expired = config.overlays.map(({ expires }) => expires !== undefined && expires <= now);
  const inputs = [
    config,
    expired,
    [fleet.rules, fleet.vars, fleet.agentVars],
    [manifest.policies, manifest.vars, manifest.limits],
    tenant.secrets ?? null,
  ];
  return JSON.stringify(inputs, (_key, value: unknown) =>
    isInline(value) ? [nodes(value.node), value.at] : toList(value),
  );
}

// A body in its AgentConfig is most of what there is to describe, and the same object in every revision of its file.
function createNodeTexts(): NodeTexts {
  const known = new WeakMap<ConfigNode, string>();
  return (node) => {
    const text = known.get(node) ?? JSON.stringify(node, (_key, value: unknown) => toList(value));
    known.set(node, text);
    return text;
  };
}

function isInline(value: unknown): value is LayerSource & { readonly kind: 'inline' } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'inline';
}

function toList(value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
