import { canonicalText, getEntry } from '../../manifests/index.ts';
import type { ConfigNode, ListNode, MapNode } from '../../model/index.ts';

// A component may read more than one shape of its settings and keep only one of them, which is what it reports.

/**
 * The value of a setting that a component moved into a part of its own (`endpoint` into `http::endpoint`): in the only
 * map below `effective` that has the key and is not desired itself.
 */
export function findMoved(desired: MapNode, effective: MapNode, key: string): ConfigNode | undefined {
  const moved = effective.entries.flatMap((entry) => {
    const value = getEntry(desired, entry.key.text) ? undefined : getEntry(entry.value, key)?.value;
    return value ? [value] : [];
  });
  return moved.length === 1 ? moved[0] : undefined;
}

/**
 * Whether a list of texts is reported as a list of maps that hold just these texts, in order: statements that are written
 * without their group.
 */
export function isGrouped(desired: ListNode, effective: ListNode): boolean {
  const wanted = desired.items.map(textOf);
  const grouped = effective.items.flatMap((item) => (item.kind === 'map' ? textsIn(item) : ['\0']));
  return wanted.length > 0 && wanted.join('\0') === grouped.join('\0') && !wanted.includes('\0');
}

function textsIn(map: MapNode): readonly string[] {
  return map.entries.flatMap(({ value }) => (value.kind === 'list' ? value.items.map(textOf) : []));
}

function textOf(node: ConfigNode): string {
  return node.kind === 'scalar' ? canonicalText(node) : '\0';
}
