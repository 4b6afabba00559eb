import type { ConfigNode, MapEntry } from '../model/index.ts';

/** The keys of a path in the collector's `a::b::c` form; list items are their index. Empty text is the root. */
export function parseConfigPath(path: string): readonly string[] {
  return path === '' ? [] : path.split('::');
}

/** The collector's `a::b::c` form of a list of keys. */
export function formatConfigPath(keys: readonly (string | number)[]): string {
  return keys.join('::');
}

/** The entry of a map with this key, if `node` is a map and has it. */
export function getEntry(node: ConfigNode | undefined, key: string): MapEntry | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.find((entry) => entry.key.text === key);
}

/** The node at `a::b::c`, or undefined; list items are reached by their index. */
export function getPath(
  node: ConfigNode | undefined,
  path: string | readonly string[],
): ConfigNode | undefined {
  let current = node;
  for (const key of typeof path === 'string' ? parseConfigPath(path) : path) {
    current = current?.kind === 'list' ? current.items[Number(key)] : getEntry(current, key)?.value;
    if (!current) return undefined;
  }
  return current;
}
