import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, LabelSelector, Problem } from '../../model/index.ts';
import { parseSelector } from '../../selectors/index.ts';

/** The selector under a key; undefined where it is missing (the schema tells) or wrong (`problems` tells). */
export function selectorOf(node: ConfigNode, key: string, problems: Problem[]): LabelSelector | undefined {
  const value = getEntry(node, key)?.value;
  if (!value) return undefined;
  const parsed = parseSelector(value);
  problems.push(...parsed.problems);
  return parsed.selector;
}
