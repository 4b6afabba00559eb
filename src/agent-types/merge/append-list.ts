import { canonicalText } from '../../manifests/index.ts';
import type { ConfigNode, ListNode } from '../../model/index.ts';
import type { Origin } from './origin.ts';

/** A node and which layer set it and its parts. */
export interface TracedNode {
  readonly node: ConfigNode;
  readonly origin: Origin;
}

/** The lower list, then the items of the upper one that it does not hold yet; each keeps its layer. */
export function appendList(lower: ListNode, origin: Origin, upper: ListNode, layer: number): TracedNode {
  const items = [...lower.items];
  const children = new Map(origin.children);
  const seen = new Set(items.map(identity));
  for (const item of upper.items) {
    const id = identity(item);
    if (id !== undefined && seen.has(id)) continue;
    seen.add(id);
    children.set(String(items.length), { layer });
    items.push(item);
  }
  return { node: { ...lower, items }, origin: { layer: origin.layer, children } };
}

function identity(node: ConfigNode): string | undefined {
  return node.kind === 'scalar' ? `${node.type} ${canonicalText(node)}` : undefined;
}
