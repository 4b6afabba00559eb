import type { ConfigNode, MapEntry } from '../../model/index.ts';
import { mergeTrees } from '../merge/merge-trees.ts';

/**
 * A collector body with keys such as `processors::batch` written out as nested maps, as the collector does; where the
 * same map also has a plain `processors`, the joined key wins.
 */
export function expandKeys(node: ConfigNode): ConfigNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.map((entry) => {
    const value = expandKeys(entry.value);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  const changed = entries.some((entry, index) => entry !== node.entries[index]);
  if (!entries.some((entry) => entry.key.text.includes('::'))) return changed ? { ...node, entries } : node;
  const plain = entries.filter((entry) => !entry.key.text.includes('::'));
  const joined = entries.filter((entry) => entry.key.text.includes('::'));
  const start: ConfigNode = { ...node, entries: plain };
  return joined.reduce<ConfigNode>((merged, entry) => {
    const nested: ConfigNode = { kind: 'map', entries: [nest(entry)], at: entry.key.at };
    return mergeTrees({ node: merged, origin: { layer: 1 } }, nested, 1).node;
  }, start);
}

function nest(entry: MapEntry): MapEntry {
  const split = entry.key.text.indexOf('::');
  if (split < 0) return entry;
  const inner = nest({ key: { ...entry.key, text: entry.key.text.slice(split + 2) }, value: entry.value });
  const key = { ...entry.key, text: entry.key.text.slice(0, split) };
  return { key, value: { kind: 'map', entries: [inner], at: entry.key.at } };
}
