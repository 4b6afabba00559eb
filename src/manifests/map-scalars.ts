import type { ConfigNode, ScalarNode } from '../model/index.ts';

export type ChangeScalar = (scalar: ScalarNode, path: readonly (string | number)[]) => ScalarNode;

/**
 * The tree with every scalar value (never a key) replaced by what `change` makes of it. Parts that stay as they are
 * are shared with the input, so a tree without changes is returned itself; into those that `mayChange` says no to,
 * nobody looks.
 */
export function mapScalars(
  root: ConfigNode,
  change: ChangeScalar,
  mayChange: (node: ConfigNode) => boolean = () => true,
): ConfigNode {
  return mapNode(root, [], change, mayChange);
}

function mapNode(
  node: ConfigNode,
  path: readonly (string | number)[],
  change: ChangeScalar,
  mayChange: (node: ConfigNode) => boolean,
): ConfigNode {
  if (!mayChange(node)) return node;
  if (node.kind === 'scalar') return change(node, path);
  if (node.kind === 'list') {
    const items = node.items.map((item, index) => mapNode(item, [...path, index], change, mayChange));
    return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node;
  }
  const entries = node.entries.map((entry) => {
    const value = mapNode(entry.value, [...path, entry.key.text], change, mayChange);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.some((entry, index) => entry !== node.entries[index]) ? { ...node, entries } : node;
}
