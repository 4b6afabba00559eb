import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import { componentType, sections } from './component-id.ts';
import type { ComponentKind } from './component-kind.ts';

/** Component types that a collector config defines, as `kind/type`, sorted. Idle ones count: they are loaded too. */
export function listComponents(tree: ConfigNode): readonly string[] {
  const found = new Set<string>();
  for (const [kind, section] of Object.entries(sections) as [ComponentKind, string][]) {
    const node = getEntry(tree, section)?.value;
    if (node?.kind !== 'map') continue;
    for (const entry of node.entries) found.add(`${kind}/${componentType(entry.key.text)}`);
  }
  return [...found].sort();
}
