import { formatConfigPath, parseYaml, renderYaml } from '../manifests/index.ts';
import type { ConfigChange, ConfigNode, DesiredView } from '../model/index.ts';

/** Beyond this a text is not compared. */
const maxTextBytes = 512 * 1024;
const maxValue = 300;

interface Leaf {
  readonly text: string;
  readonly line: number;
}

/**
 * What differs between two shown configs, setting by setting in the order of the later one, then what is gone. A list of
 * plain values is one setting. Undefined where a text cannot be compared.
 */
export function listChanges(
  before: DesiredView | undefined,
  after: DesiredView,
): readonly ConfigChange[] | undefined {
  const [old, fresh] = [before ? readLeaves(before.text) : new Map<string, Leaf>(), readLeaves(after.text)];
  if (!old || !fresh) return undefined;
  const places = new Map(after.sources.map(({ line, at }) => [line, at]));
  const changes: ConfigChange[] = [];
  for (const [path, { text, line }] of fresh) {
    const was = old.get(path)?.text ?? null;
    if (was !== text) changes.push({ path, before: was, after: text, source: places.get(line) ?? null });
  }
  for (const [path, { text }] of old)
    if (!fresh.has(path)) changes.push({ path, before: text, after: null, source: null });
  return changes;
}

function readLeaves(text: string): Map<string, Leaf> | undefined {
  const bytes = new TextEncoder().encode(text);
  const tree = bytes.length > maxTextBytes ? undefined : parseYaml(bytes, '').documents[0];
  if (!tree) return undefined;
  const leaves = new Map<string, Leaf>();
  collect(tree, [], leaves);
  return leaves;
}

function collect(node: ConfigNode, path: readonly (string | number)[], leaves: Map<string, Leaf>): void {
  if (node.kind === 'map' && node.entries.length > 0)
    for (const { key, value } of node.entries) collect(value, [...path, key.text], leaves);
  else if (node.kind === 'list' && node.items.some(({ kind }) => kind !== 'scalar'))
    for (const [index, item] of node.items.entries()) collect(item, [...path, index], leaves);
  else leaves.set(formatConfigPath(path), { text: cut(textOf(node)), line: lineOf(node) });
}

/** A list stands where its first item does: so does whoever set it. */
function lineOf(node: ConfigNode): number {
  return node.kind === 'list' ? (node.items[0]?.at.line ?? node.at.line) : node.at.line;
}

function textOf(node: ConfigNode): string {
  if (node.kind === 'list') return `[${node.items.map(textOf).join(', ')}]`;
  return renderYaml(node).trim();
}

function cut(text: string): string {
  return text.length > maxValue ? `${text.slice(0, maxValue)}…` : text;
}
