import { agentTypes, listLiteralSecrets, listSecretTexts } from '../agent-types/index.ts';
import {
  type AgentConfig,
  type BlobId,
  createLruMap,
  type InstanceUid,
  type LayerSource,
} from '../model/index.ts';
import type { World } from '../reconciler/index.ts';

/** Texts of the secrets that stand in Git as they are, in the bodies of the config that an agent has. */
export type FindLiteralSecrets = (uid: InstanceUid) => readonly string[];

const maxBodies = 1_000;

/** Looks through a body once, and only when an agent that has it says something: most never do. */
export function createLiteralSecrets(
  world: Pick<World, 'registry' | 'inForce'>,
  readBlob: (id: BlobId) => Uint8Array | undefined,
): FindLiteralSecrets {
  const known = createLruMap<BlobId, readonly string[]>(maxBodies);
  const textsOf = (layer: LayerSource, { type }: AgentConfig): readonly string[] => {
    if (layer.kind === 'inline') return listSecretTexts(listLiteralSecrets(layer.node));
    const found = known.get(layer.blob);
    if (found) return found;
    const bytes = readBlob(layer.blob);
    const tree = bytes && agentTypes[type].parse(bytes, layer.path).tree;
    const texts = tree ? listSecretTexts(listLiteralSecrets(tree)) : [];
    known.set(layer.blob, texts);
    return texts;
  };
  return (uid) => {
    const entry = world.registry.get(uid);
    if (entry?.assignment.kind !== 'assigned') return [];
    const { config: name } = entry.assignment;
    const configs = world.inForce.get(entry.agent.tenant)?.snapshot.configs ?? [];
    const config = configs.find((one) => one.name === name);
    return config ? layersOf(config).flatMap((layer) => textsOf(layer, config)) : [];
  };
}

function layersOf({ layers, files, overlays }: AgentConfig): readonly LayerSource[] {
  return [layers, ...files.map((file) => file.layers), ...overlays.map((overlay) => overlay.config)].flat();
}
