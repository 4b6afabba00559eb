import { canonicalText, formatConfigPath, getEntry } from '../../manifests/index.ts';
import type { ConfigNode, Difference, ListNode, MapNode, ScalarNode } from '../../model/index.ts';
import { isExpanded } from '../redact/is-expanded.ts';
import { mask } from '../redact/secret-text.ts';
import { describeNode } from './describe-node.ts';
import { equalValues } from './equal-values.ts';
import { isOpaque, isSwitchedOff, isSwitchOn, mayBeLeftOut } from './not-reported.ts';
import { findMoved, isGrouped } from './other-shapes.ts';

type Path = readonly (string | number)[];

/** What an agent type knows of its paths. */
export interface PathRules {
  /** Another name under which the effective map at `path` may hold `key`. */
  findOtherName(names: Iterable<string>, path: Path, key: string): string | undefined;
  /** Names at this path are compared by this spelling (component aliases). */
  spell(path: Path, text: string): string;
  /** Whether the effective list may hold more than the desired one, in any order. */
  mayGrow(path: Path): boolean;
  /** Whether the key at this path must be there even when its desired value is empty (a component, a pipeline). */
  mustExist(path: Path): boolean;
  /** Whether two texts that differ mean the same at this path; absent where nothing but the common spellings does. */
  equal?(path: Path, desired: string, effective: string): boolean;
  /** Whether what is at this path may hold a setting in a part that only the report has. */
  mayMove(path: Path): boolean;
  /** Whether a report that is typed (it shows defaults) may lack what is desired at this path. */
  mayBeUnreported(path: Path, desired: ConfigNode): boolean;
}

/** Differences are collected up to this number. */
export const maxDifferences = 50;

/** Where the effective tree does not contain the desired one; at most 50, in the desired tree's order. */
export function compareTrees(
  desired: ConfigNode,
  effective: ConfigNode,
  rules: PathRules,
): readonly Difference[] {
  const differences: Difference[] = [];
  compareNodes(desired, effective, [], rules, (path, want, have) => {
    if (differences.length >= maxDifferences) return;
    differences.push({ path: formatConfigPath(path), ...describePair(path, want, have) });
  });
  return differences;
}

type Report = (path: Path, desired: ConfigNode, effective: ConfigNode | undefined) => void;

function describePair(path: Path, desired: ConfigNode, effective: ConfigNode | undefined) {
  return {
    desired: describeNode(desired, path),
    effective: effective ? describeNode(effective, path) : '(absent)',
    // A merge keeps the position of whoever set a node; one made by us has none.
    ...(desired.at.file !== '' && { setBy: desired.at }),
  };
}

function compareNodes(
  desired: ConfigNode,
  effective: ConfigNode,
  path: Path,
  rules: PathRules,
  report: Report,
): void {
  if (desired.kind === 'scalar' && isExpanded(desired)) return;
  if (effective.kind === 'scalar' && effective.text.includes(mask)) return;
  if (isEmpty(desired) && (isEmpty(effective) || effective.kind === 'map')) return;
  if (isSwitchedOff(desired) && isEmpty(effective)) return;
  if (isOpaque(desired, effective, typeof path.at(-1) === 'number')) return;
  const want = asMap(desired, effective);
  const have = asMap(effective, desired);
  if (want.kind === 'map' && have.kind === 'map') compareMaps(want, have, path, rules, report);
  else if (desired.kind === 'list' && effective.kind === 'list')
    compareLists(desired, effective, path, rules, report);
  else if (!equalLeaves(desired, effective, path, rules)) report(path, desired, effective);
}

function compareMaps(
  desired: MapNode,
  effective: MapNode,
  path: Path,
  rules: PathRules,
  report: Report,
): void {
  const values = new Map(effective.entries.map((entry) => [entry.key.text, entry.value]));
  const wanted = new Set(desired.entries.map((entry) => entry.key.text));
  const isTyped = effective.entries.some((entry) => !wanted.has(entry.key.text));
  for (const { key, value } of desired.entries) {
    const below = [...path, key.text];
    const name = values.has(key.text) ? key.text : rules.findOtherName(values.keys(), path, key.text);
    const moved =
      name === undefined && rules.mayMove(path) ? findMoved(desired, effective, key.text) : undefined;
    const found = name === undefined ? moved : values.get(name);
    if (found) compareNodes(value, found, below, rules, report);
    else if (rules.mustExist(below)) report(below, value, undefined);
    else if (
      !mayBeLeftOut(value) &&
      !isSwitchOn(key.text, value) &&
      !(isTyped && rules.mayBeUnreported(below, value))
    ) {
      report(below, value, undefined);
    }
  }
}

function compareLists(
  desired: ListNode,
  effective: ListNode,
  path: Path,
  rules: PathRules,
  report: Report,
): void {
  const names = namesOf(desired, path, rules);
  const others = namesOf(effective, path, rules);
  if (names && others) {
    const fits = rules.mayGrow(path)
      ? names.every((name) => others.includes(name))
      : names.join('\0') === others.join('\0');
    if (fits) return;
  }
  if (isGrouped(desired, effective)) return;
  if (rules.mayGrow(path) || desired.items.length !== effective.items.length) {
    report(path, desired, effective);
    return;
  }
  for (const [index, item] of desired.items.entries()) {
    compareNodes(
      spelled(item, path, rules),
      spelled(effective.items[index]!, path, rules),
      [...path, index],
      rules,
      report,
    );
  }
}

function namesOf(list: ListNode, path: Path, rules: PathRules): readonly string[] | undefined {
  const scalars = list.items.filter(
    (item): item is ScalarNode => item.kind === 'scalar' && !isExpanded(item),
  );
  return scalars.length < list.items.length
    ? undefined
    : scalars.map((item) => rules.spell(path, canonicalText(item)));
}

function spelled(node: ConfigNode, path: Path, rules: PathRules): ConfigNode {
  return node.kind === 'scalar' ? { ...node, text: rules.spell(path, node.text) } : node;
}

/** A list of `{name, value}` pairs as a map, where the other side is a map; collectors report header lists that way. */
function asMap(node: ConfigNode, other: ConfigNode): ConfigNode {
  if (node.kind !== 'list' || other.kind !== 'map') return node;
  const entries = node.items.map((item) => ({
    key: getEntry(item, 'name')?.value,
    value: getEntry(item, 'value')?.value,
  }));
  const pairs = entries.flatMap(({ key, value }) =>
    key?.kind === 'scalar' && value ? [{ key, value }] : [],
  );
  return pairs.length === entries.length ? { kind: 'map', entries: pairs, at: node.at } : node;
}

function equalLeaves(desired: ConfigNode, effective: ConfigNode, path: Path, rules: PathRules): boolean {
  if (desired.kind === 'scalar' && effective.kind === 'scalar') {
    return (
      equalValues(desired, effective) ||
      rules.equal?.(path, canonicalText(desired), canonicalText(effective)) === true
    );
  }
  if (desired.kind !== 'scalar' || effective.kind !== 'list') return false;
  const joined = effective.items.map((item) => (item.kind === 'scalar' ? item.text : '\0')).join(',');
  return desired.type === 'string' && desired.text.replaceAll(' ', '') === joined.replaceAll(' ', '');
}

function isEmpty(node: ConfigNode): boolean {
  if (node.kind === 'map') return node.entries.length === 0;
  if (node.kind === 'list') return node.items.length === 0;
  return node.type === 'null';
}
