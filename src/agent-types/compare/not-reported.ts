import { canonicalText, getEntry } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import { isExpanded } from '../redact/is-expanded.ts';
import { isZero } from './equal-values.ts';

// A collector does not report the YAML that it was given but its typed settings, written out again. What follows is
// where the two differ without any difference in what runs.

/** Whether a report without this value still contains it: it says nothing, or only what is left out at zero. */
export function mayBeLeftOut(node: ConfigNode): boolean {
  if (node.kind === 'scalar') return isZero(node) || isExpanded(node);
  if (node.kind === 'list') return node.items.every(mayBeLeftOut);
  return isSwitchedOff(node) || node.entries.every((entry) => mayBeLeftOut(entry.value));
}

/** Whether this is an optional part with `enabled: false`, which is reported as null. */
export function isSwitchedOff(node: ConfigNode): boolean {
  const enabled = getEntry(node, 'enabled')?.value;
  return enabled?.kind === 'scalar' && canonicalText(enabled) === 'false';
}

/** Whether this is the `enabled: true` of an optional part: that the part is reported says so already. */
export function isSwitchOn(key: string, node: ConfigNode): boolean {
  return key === 'enabled' && node.kind === 'scalar' && canonicalText(node) === 'true';
}

/** Whether a value is one whose type shows no fields: it is reported as `{}`, which tells nothing. */
export function isOpaque(desired: ConfigNode, effective: ConfigNode, inList: boolean): boolean {
  if (effective.kind !== 'map' || effective.entries.length > 0) return false;
  return inList ? desired.kind !== 'list' : desired.kind === 'scalar';
}
