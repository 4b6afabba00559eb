import { getEntry, parseConfigPath } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import type { TracedNode } from './append-list.ts';
import type { Origin } from './origin.ts';

/** The tree without the key at `a::b::c`, or undefined where there is no such key. */
export function removePath(traced: TracedNode, path: string): TracedNode | undefined {
  const keys = parseConfigPath(path);
  const node = keys.length > 0 ? removeKeys(traced.node, keys) : undefined;
  return node && { node, origin: forget(traced.origin, keys) };
}

function removeKeys(node: ConfigNode, keys: readonly string[]): ConfigNode | undefined {
  const [name = '', ...rest] = keys;
  const entry = getEntry(node, name);
  if (node.kind !== 'map' || !entry) return undefined;
  if (rest.length === 0) return { ...node, entries: node.entries.filter((other) => other !== entry) };
  const value = removeKeys(entry.value, rest);
  if (!value) return undefined;
  return {
    ...node,
    entries: node.entries.map((other) => (other === entry ? { key: other.key, value } : other)),
  };
}

function forget(origin: Origin, keys: readonly string[]): Origin {
  const [name = '', ...rest] = keys;
  const child = origin.children?.get(name);
  if (!child) return origin;
  const children = new Map(origin.children);
  if (rest.length === 0) children.delete(name);
  else children.set(name, forget(child, rest));
  return { layer: origin.layer, children };
}
