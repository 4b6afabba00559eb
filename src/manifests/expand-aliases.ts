import type { ConfigNode, MapEntry, Position } from '../model/index.ts';
import type { Conversion } from './conversion.ts';
import { syntaxProblem } from './yaml-problem.ts';

/** The node that `*name` stands for; keeps the positions of its definition. Expansion is counted against the limits. */
export function takeAnchor(conversion: Conversion, name: string, depth: number, at: Position): ConfigNode {
  const { anchors, limits, problems } = conversion;
  const anchor = anchors.get(name);
  const nothing: ConfigNode = { kind: 'scalar', text: '', style: 'plain', type: 'null', at };
  conversion.aliases += 1;
  if (conversion.aliases === limits.maxAliases + 1) {
    problems.push(
      syntaxProblem(at, `more than ${limits.maxAliases} aliases in one file; write the values out`),
    );
  }
  if (conversion.aliases > limits.maxAliases) return nothing;
  if (!anchor || anchor === 'open') {
    const message = anchor
      ? `anchor "${name}" contains itself`
      : `alias "*${name}" has no anchor "&${name}" before it`;
    problems.push(syntaxProblem(at, message));
    return nothing;
  }
  if (anchor.node.kind !== 'scalar' && depth + anchor.height > limits.maxDepth) {
    problems.push(syntaxProblem(at, `nested more than ${limits.maxDepth} deep once aliases are expanded`));
    return nothing;
  }
  conversion.nodes += anchor.size;
  if (conversion.nodes > limits.maxNodes) conversion.overflowAt ??= at;
  conversion.deepest = Math.max(conversion.deepest, depth + anchor.height);
  return anchor.node;
}

/**
 * Expands `<<` as yaml.v3 does: keys of the map itself win, then earlier maps of the list over later ones. Merged keys
 * take the place of the `<<`.
 */
export function mergeInto(
  conversion: Conversion,
  entries: MapEntry[],
  merge: { readonly value: ConfigNode; readonly index: number; readonly at: Position },
): void {
  const sources = merge.value.kind === 'list' ? merge.value.items : [merge.value];
  const names = new Set(entries.map((entry) => entry.key.text));
  const merged: MapEntry[] = [];
  for (const source of sources) {
    if (source.kind !== 'map') {
      conversion.problems.push(syntaxProblem(merge.at, '"<<" needs a map, or a list of maps'));
      return;
    }
    for (const entry of source.entries) {
      if (names.has(entry.key.text)) continue;
      names.add(entry.key.text);
      merged.push(entry);
    }
  }
  entries.splice(merge.index, 0, ...merged);
}
