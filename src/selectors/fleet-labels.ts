import type { FleetLabelRule, Labels, LabelValue } from '../model/index.ts';
import { isFleetKey, reservedLabels } from './label-key.ts';
import { matchSelector } from './match-selector.ts';

/**
 * Labels with what the fleet's rules set, each rule evaluated once, in order, on what the ones before it made.
 * Keys outside `fleet.*` and the server's own (`reservedLabels`) are never set. Returns `labels` itself where
 * nothing changes.
 */
export function applyFleetLabels(labels: Labels, rules: readonly FleetLabelRule[]): Labels {
  let result = labels;
  for (const { selector, set } of rules) {
    if (!matchSelector(selector, result)) continue;
    const additions = [...set].filter(([key]) => isFleetKey(key) && !reservedLabels.includes(key));
    if (additions.length > 0) result = new Map<string, LabelValue>([...result, ...additions]);
  }
  return result;
}
