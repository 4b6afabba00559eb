import type { ConfigNode, ScalarNode } from '../model/index.ts';

/**
 * The tree with every scalar value (never a key) replaced by what `change` makes of it. Parts that stay as they are
 * are shared with the input, so a tree without changes is returned itself.
 */
export function mapScalars(
  root: ConfigNode,
  change: (scalar: ScalarNode, path: readonly (string | number)[]) => ScalarNode,
): ConfigNode {
  return mapNode(root, [], change);
}

function mapNode(
  node: ConfigNode,
  path: readonly (string | number)[],
  change: (scalar: ScalarNode, path: readonly (string | number)[]) => ScalarNode,
): ConfigNode {
  if (node.kind === 'scalar') return change(node, path);
  if (node.kind === 'list') {
    const items = node.items.map((item, index) => mapNode(item, [...path, index], change));
    return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node;
  }
  const entries = node.entries.map((entry) => {
    const value = mapNode(entry.value, [...path, entry.key.text], change);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.some((entry, index) => entry !== node.entries[index]) ? { ...node, entries } : node;
}
