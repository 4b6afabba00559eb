import type { ConfigNode, EffectiveVerdict } from '../../model/index.ts';
import { compareTrees } from '../compare/compare-trees.ts';
import { unreadable } from '../compare/unreadable.ts';
import { parseReport } from '../redact/redact-yaml.ts';
import { otelcolPathRules } from './path-rules.ts';
import { findWrongConfig } from './wrong-config.ts';

/** Judges the collector config that an agent reported; an empty or unreadable report is no verdict. */
export function compareCollector(desired: ConfigNode, effective: string): EffectiveVerdict {
  const tree = parseReport(effective);
  return tree?.kind === 'map' ? compareCollectorTrees(desired, tree) : unreadable;
}

/** The verdict for two collector configs: wrong config before drift before in sync. */
export function compareCollectorTrees(desired: ConfigNode, effective: ConfigNode): EffectiveVerdict {
  const differences = compareTrees(desired, effective, otelcolPathRules);
  const reason = findWrongConfig(desired, effective);
  if (reason !== undefined) return { verdict: 'wrong-config', differences, reason };
  return { verdict: differences.length > 0 ? 'drift' : 'in-sync', differences };
}
