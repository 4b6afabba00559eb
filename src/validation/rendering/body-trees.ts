import { agentTypes } from '../../agent-types/index.ts';
import { listAgentVars } from '../../desired-state/index.ts';
import type {
  AgentConfig,
  AgentType,
  AgentVarUse,
  BlobId,
  ConfigNode,
  LayerSource,
} from '../../model/index.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import type { ReadBlob } from '../discovery/repo-files.ts';
import type { FactTable } from '../fact-table.ts';

/** Single bodies as trees, before they are merged. */
export interface BodyTrees {
  /** Undefined where the body does not parse; rendering says why. */
  treeOf(layer: LayerSource, type: AgentType): ConfigNode | undefined;
  /** The agent attributes that an AgentConfig's bodies use. */
  agentVarsOf(config: Pick<AgentConfig, 'type' | 'layers' | 'files' | 'overlays'>): readonly AgentVarUse[];
}

/** Trees of bodies, each parsed once per path and blob. */
export function createBodyTrees(readBlob: ReadBlob, memory?: FactTable<readonly AgentVarUse[]>): BodyTrees {
  const trees = createBoundedCache<ConfigNode | undefined>(5_000);
  const uses = createBoundedCache<readonly AgentVarUse[]>(50_000);
  const treeOf = (layer: LayerSource, type: AgentType): ConfigNode | undefined => {
    if (layer.kind === 'inline') return agentTypes[type].accept(layer.node).tree;
    return trees.get(`${type} ${layer.blob} ${layer.path}`, () =>
      parseBody(layer.path, layer.blob, type, readBlob),
    );
  };
  const usesOf = (layer: LayerSource, type: AgentType): readonly AgentVarUse[] => {
    if (layer.kind === 'inline') return listAgentVars(layer.node);
    const key = `${type} ${layer.blob}`;
    return uses.get(key, () => {
      const known = memory?.get(key);
      if (known) return known;
      const tree = mentionsAgent(readBlob(layer.blob)) ? treeOf(layer, type) : undefined;
      const found = tree ? listAgentVars(tree) : [];
      memory?.set(key, found);
      return found;
    });
  };
  return {
    treeOf,
    agentVarsOf(config) {
      const own = [...config.layers, ...config.files.flatMap((file) => file.layers)];
      const inOverlays = config.overlays.map((overlay, index) =>
        merge(overlay.config.flatMap((layer) => usesOf(layer, config.type))).map((use) => ({
          ...use,
          overlay: index,
        })),
      );
      return [...merge(own.flatMap((layer) => usesOf(layer, config.type))), ...inOverlays.flat()];
    },
  };
}

function parseBody(path: string, blob: BlobId, type: AgentType, readBlob: ReadBlob): ConfigNode | undefined {
  const bytes = readBlob(blob);
  return bytes && agentTypes[type].parse(bytes, path).tree;
}

// Parsing is the dearest thing there is, and few bodies look at their agent.
function mentionsAgent(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && new TextDecoder().decode(bytes).includes('$(agent.');
}

function merge(uses: readonly AgentVarUse[]): readonly AgentVarUse[] {
  const required = new Map<string, boolean>();
  for (const use of uses) required.set(use.name, (required.get(use.name) ?? false) || use.required);
  return [...required].map(([name, isRequired]) => ({ name, required: isRequired }));
}
