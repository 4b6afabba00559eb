import type { ConfigNode, ScalarNode } from '../model/index.ts';

/** Called for every node, parents first; `key` is the key that holds it, absent for the root and for list items. */
export type Visit = (
  node: ConfigNode,
  path: readonly (string | number)[],
  key: ScalarNode | undefined,
) => undefined | 'skip';

/** Visits a tree in order; a visit that answers `skip` is not followed into its children. */
export function walk(root: ConfigNode, visit: Visit): void {
  visitNode(root, [], undefined, visit);
}

function visitNode(
  node: ConfigNode,
  path: readonly (string | number)[],
  key: ScalarNode | undefined,
  visit: Visit,
): void {
  if (visit(node, path, key) === 'skip') return;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) visitNode(item, [...path, index], undefined, visit);
  }
  if (node.kind === 'map') {
    for (const entry of node.entries) visitNode(entry.value, [...path, entry.key.text], entry.key, visit);
  }
}
