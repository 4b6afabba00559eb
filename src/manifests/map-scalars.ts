import type { ConfigNode, ListNode, MapEntry, MapNode, ScalarNode } from '../model/index.ts';

/** `path` is one array that goes along: it tells where the scalar is during the call only. */
export type ChangeScalar = (scalar: ScalarNode, path: readonly (string | number)[]) => ScalarNode;

/**
 * The tree with every scalar value (never a key) replaced by what `change` makes of it. Parts that stay as they are
 * are shared with the input, so a tree without changes is returned itself; into those that `mayChange` says no to,
 * nobody looks. Parts that change are `transient`.
 */
export function mapScalars(
  root: ConfigNode,
  change: ChangeScalar,
  mayChange: (node: ConfigNode) => boolean = () => true,
): ConfigNode {
  const path: (string | number)[] = [];

  function mapChild(child: ConfigNode, step: string | number): ConfigNode {
    path.push(step);
    const mapped = mapNode(child);
    path.pop();
    return mapped;
  }

  function mapList(node: ListNode): ListNode {
    let items: ConfigNode[] | undefined;
    for (const [index, item] of node.items.entries()) {
      const mapped = mapChild(item, index);
      if (mapped === item) continue;
      items ??= [...node.items];
      items[index] = mapped;
    }
    return items ? { ...node, items, transient: true } : node;
  }

  function mapMap(node: MapNode): MapNode {
    let entries: MapEntry[] | undefined;
    for (const [index, { key, value: before }] of node.entries.entries()) {
      const value = mapChild(before, key.text);
      if (value === before) continue;
      entries ??= [...node.entries];
      entries[index] = { key, value };
    }
    return entries ? { ...node, entries, transient: true } : node;
  }

  function mapNode(node: ConfigNode): ConfigNode {
    if (!mayChange(node)) return node;
    if (node.kind === 'scalar') return change(node, path);
    return node.kind === 'list' ? mapList(node) : mapMap(node);
  }

  return mapNode(root);
}
