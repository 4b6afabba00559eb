import type { ConfigNode, MapEntry, MapNode } from '../../model/index.ts';
import { appendList, type TracedNode } from './append-list.ts';
import type { Origin } from './origin.ts';

/** Decides whether the list at a path is appended to instead of replaced. */
export type AppendsAt = (path: readonly string[]) => boolean;

/**
 * Merges `upper`, layer number `layer`, over `lower` as the collector does: maps deep, everything else replaced, a null
 * replaces a map. Keys keep the order of their first appearance; every node keeps the position of whoever set it.
 */
export function mergeTrees(
  lower: TracedNode,
  upper: ConfigNode,
  layer: number,
  appendsAt: AppendsAt = () => false,
): TracedNode {
  return mergeAt(lower, upper, layer, [], appendsAt);
}

function mergeAt(
  lower: TracedNode,
  upper: ConfigNode,
  layer: number,
  path: readonly string[],
  appendsAt: AppendsAt,
): TracedNode {
  if (lower.node.kind === 'map' && upper.kind === 'map') {
    return mergeMaps(lower.node, lower.origin, upper, layer, path, appendsAt);
  }
  if (lower.node.kind === 'list' && upper.kind === 'list' && appendsAt(path)) {
    return appendList(lower.node, lower.origin, upper, layer);
  }
  return { node: upper, origin: { layer } };
}

function mergeMaps(
  lower: MapNode,
  origin: Origin,
  upper: MapNode,
  layer: number,
  path: readonly string[],
  appendsAt: AppendsAt,
): TracedNode {
  const entries: MapEntry[] = [...lower.entries];
  const children = new Map(origin.children);
  const indexes = new Map(entries.map((entry, index) => [entry.key.text, index]));
  for (const entry of upper.entries) {
    const name = entry.key.text;
    const index = indexes.get(name);
    if (index === undefined) {
      entries.push(entry);
      children.set(name, { layer });
      continue;
    }
    const below = entries[index]!;
    const traced = { node: below.value, origin: children.get(name) ?? { layer: origin.layer } };
    const merged = mergeAt(traced, entry.value, layer, [...path, name], appendsAt);
    const replaced = merged.node === entry.value;
    entries[index] = { key: replaced ? entry.key : below.key, value: merged.node };
    children.set(name, merged.origin);
  }
  return { node: { ...lower, entries }, origin: { layer: origin.layer, children } };
}
