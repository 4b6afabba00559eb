import { getEntry, mapScalars, stringNode, walk } from '../../manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../model/index.ts';
import type { RedactHints } from '../adapter.ts';
import { isExpanded } from './is-expanded.ts';
import { maskTexts } from './known-secrets.ts';
import { isSecretPath } from './secret-path.ts';
import { mask, maskSecrets } from './secret-text.ts';

type Path = readonly (string | number)[];

/** Gives the parts of a path one spelling, so that an aliased component name is found under both. */
export type NormalizePath = (path: Path) => string;

const noTexts: ReadonlySet<string> = new Set();

const joinPath: NormalizePath = (path) => path.join('::');

/**
 * The tree without secrets: values under secret names, values that look like secrets or are known as such, and everything
 * at a place where the hints have `${…}` or `$(secrets.…)`. Booleans and nulls are never secret.
 */
export function redactTree(
  tree: ConfigNode,
  hints: RedactHints = {},
  normalize: NormalizePath = joinPath,
): ConfigNode {
  const expanded = expandedPaths(hints, normalize);
  const { secrets = [], desired } = hints;
  const inTheOpen = secrets.length > 0 && desired ? listOpenTexts(desired) : noTexts;
  const maskText = (scalar: ScalarNode): ScalarNode => {
    const known = inTheOpen.has(scalar.text) ? scalar.text : maskTexts(scalar.text, secrets);
    const text = maskSecrets(known);
    return text === scalar.text ? scalar : stringNode(text, scalar.at);
  };
  const redact = (node: ConfigNode, path: Path): ConfigNode => {
    if (expanded.size > 0 && expanded.has(normalize(path))) return mapScalars(node, maskScalar);
    if (node.kind === 'scalar') return isSecretPath(path) ? maskScalar(node) : maskText(node);
    if (node.kind === 'list')
      return { ...node, items: node.items.map((item, index) => redactItem(item, path, index)) };
    const entries = node.entries.map(({ key, value }) => ({
      key,
      value: redact(value, [...path, key.text]),
    }));
    return { ...node, entries };
  };
  // Collectors report some maps as lists of `{name, value}` pairs: the name then stands for the key.
  const redactItem = (item: ConfigNode, path: Path, index: number): ConfigNode => {
    const name = nameOfPair(item);
    const isExpandedPair = name !== undefined && expanded.has(normalize([...path, name]));
    return isExpandedPair ? mapScalars(item, maskScalar) : redact(item, [...path, index]);
  };
  return redact(tree, []);
}

function nameOfPair(item: ConfigNode): string | undefined {
  const name = getEntry(item, 'name')?.value;
  return name?.kind === 'scalar' && getEntry(item, 'value') ? name.text : undefined;
}

function maskScalar(scalar: ScalarNode): ScalarNode {
  const harmless =
    scalar.type === 'null' || scalar.type === 'bool' || scalar.text === '' || scalar.text === mask;
  return harmless ? scalar : stringNode(mask, scalar.at);
}

/** What Git shows as plain values, a component's name for example: a secret that reads alike hides none of them. */
function listOpenTexts(desired: ConfigNode): ReadonlySet<string> {
  const texts = new Set<string>();
  walk(desired, (node, path) => {
    if (node.kind === 'scalar' && !isSecretPath(path)) texts.add(node.text);
    return undefined;
  });
  return texts;
}

function expandedPaths({ desired, open }: RedactHints, normalize: NormalizePath): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const tree of [desired, open]) {
    if (!tree) continue;
    walk(tree, (node, path) => {
      if (node.kind === 'scalar' && isExpanded(node)) paths.add(normalize(path));
      return undefined;
    });
  }
  return paths;
}
