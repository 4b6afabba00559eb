import { formatConfigPath } from '../../manifests/index.ts';
import type { ConfigNode, Position, ProvenanceEntry } from '../../model/index.ts';

/**
 * Which layer set a node, 1-based, and where below it other layers had their say. A node without an entry of its own
 * comes from the same layer as its parent. Keys are map keys, or indexes for list items.
 */
export interface Origin {
  readonly layer: number;
  readonly children?: ReadonlyMap<string, Origin>;
}

/** Who set what: one entry per scalar, empty map and empty list of the merged tree, in its order. */
export function listProvenance(tree: ConfigNode, origin: Origin, layers: number): ProvenanceEntry[] {
  const entries: ProvenanceEntry[] = [];
  collect(tree, [], origin, (path, at, layer) => {
    entries.push({ path: formatConfigPath(path), at, layer, layers });
  });
  return entries;
}

function collect(
  node: ConfigNode,
  path: readonly (string | number)[],
  origin: Origin,
  add: (path: readonly (string | number)[], at: Position, layer: number) => void,
): void {
  const below = (key: string | number) => origin.children?.get(String(key)) ?? { layer: origin.layer };
  if (node.kind === 'map' && node.entries.length > 0) {
    for (const { key, value } of node.entries) collect(value, [...path, key.text], below(key.text), add);
  } else if (node.kind === 'list' && node.items.length > 0) {
    for (const [index, item] of node.items.entries()) collect(item, [...path, index], below(index), add);
  } else {
    add(path, node.at, origin.layer);
  }
}
