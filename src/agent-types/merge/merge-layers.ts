import { parseConfigPath } from '../../manifests/index.ts';
import type { ConfigNode, Problem } from '../../model/index.ts';
import type { Layer, Merged } from '../adapter.ts';
import type { TracedNode } from './append-list.ts';
import { type AppendsAt, mergeTrees } from './merge-trees.ts';
import { removePath } from './remove-path.ts';

/** Merges layers in order: each first deletes its `remove` paths from what lies below, then is merged over it. */
export function mergeLayers(layers: readonly Layer[], appendsAt: AppendsAt = () => false): Merged {
  const [first, ...rest] = layers;
  if (!first) throw new RangeError('a merge needs at least one layer');
  const problems: Problem[] = [];
  let traced: TracedNode = { node: first.tree, origin: { layer: 1 } };
  for (const [index, layer] of rest.entries()) {
    for (const path of layer.remove) {
      const removed = removePath(traced, path);
      if (!removed) problems.push(unknownPath(layer, path, traced.node));
      traced = removed ?? traced;
    }
    traced = mergeTrees(traced, layer.tree, index + 2, layer.lists === 'append' ? appendsAt : undefined);
  }
  return { tree: traced.node, origin: traced.origin, problems };
}

function unknownPath(layer: Layer, path: string, tree: ConfigNode): Problem {
  const message = `\`remove\` names "${path}", which the layers below do not set (${describeGap(path, tree)})`;
  return { code: 'FR203', severity: 'error', ...layer.at, message };
}

function describeGap(path: string, tree: ConfigNode): string {
  let node = tree;
  const reached: string[] = [];
  for (const key of parseConfigPath(path)) {
    const entries = node.kind === 'map' ? node.entries : [];
    const entry = entries.find((candidate) => candidate.key.text === key);
    if (!entry) {
      const names = entries.slice(0, 8).map((candidate) => candidate.key.text);
      const where = reached.length > 0 ? `under "${reached.join('::')}"` : 'at the top';
      return names.length > 0 ? `${where} there is ${names.join(', ')}` : `${where} there is no map`;
    }
    reached.push(key);
    node = entry.value;
  }
  return 'write a path such as a::b::c';
}
