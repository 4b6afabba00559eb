import { formatConfigPath, parseYaml, renderYaml } from '../manifests/index.ts';
import type { ConfigNode, Difference, DiffRow, MapEntry, MapNode } from '../model/index.ts';

/** Beyond this, texts are shown one by one: the comparison itself runs elsewhere and has no such limit. */
const maxTextBytes = 512 * 1024;
const maxRows = 20_000;

interface Walk {
  readonly differences: readonly Difference[];
  readonly rows: DiffRow[];
}

/**
 * Two configs side by side, key by key in the order of `desired`, whatever the order of `effective`: what the verdict
 * counts differs, and other text is ignored. Empty where a text does not parse or is longer than 512 KiB.
 */
export function alignConfigs(
  effective: string,
  desired: string,
  differences: readonly Difference[],
): readonly DiffRow[] {
  const [left, right] = [readTree(effective), readTree(desired)];
  if (!left || !right) return [];
  const walk: Walk = { differences, rows: [] };
  if (left.kind === 'map' && right.kind === 'map') alignMaps(walk, left, right, [], '');
  else alignLines(walk, left, right, [], '', '');
  return walk.rows.length > maxRows ? [] : walk.rows;
}

function readTree(text: string): ConfigNode | undefined {
  const bytes = new TextEncoder().encode(text);
  return bytes.length > maxTextBytes ? undefined : parseYaml(bytes, '').documents[0];
}

function alignMaps(walk: Walk, left: MapNode, right: MapNode, path: readonly string[], indent: string): void {
  const known = new Map(left.entries.map((entry) => [entry.key.text, entry]));
  for (const { key, value } of right.entries) {
    align(walk, known.get(key.text), { key, value }, [...path, key.text], indent);
    known.delete(key.text);
  }
  for (const entry of known.values()) align(walk, entry, undefined, [...path, entry.key.text], indent);
}

function align(
  walk: Walk,
  left: MapEntry | undefined,
  right: MapEntry | undefined,
  path: readonly string[],
  indent: string,
): void {
  const key = keyText((right ?? left)?.key.text ?? '');
  const [a, b] = [left?.value, right?.value];
  if (a?.kind === 'map' && b?.kind === 'map' && a.entries.length > 0 && b.entries.length > 0) {
    walk.rows.push({ kind: 'same', left: `${indent}${key}:`, right: `${indent}${key}:`, source: null });
    alignMaps(walk, a, b, path, `${indent}  `);
  } else alignLines(walk, a, b, path, indent, key);
}

/** Lines of what is no map on both sides, paired by their place. */
function alignLines(
  { differences, rows }: Walk,
  left: ConfigNode | undefined,
  right: ConfigNode | undefined,
  path: readonly string[],
  indent: string,
  key: string,
): void {
  const [a, b] = [linesOf(left, indent, key), linesOf(right, indent, key)];
  const difference = findDifference(differences, formatConfigPath(path));
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index] ?? null, b[index] ?? null];
    const kind = one === other ? 'same' : difference ? 'differs' : 'ignored';
    rows.push({
      kind,
      left: one,
      right: other,
      source: kind === 'differs' ? (difference?.setBy ?? null) : null,
    });
  }
}

function findDifference(differences: readonly Difference[], path: string): Difference | undefined {
  return differences.find(
    (one) => one.path === path || one.path.startsWith(`${path}::`) || path.startsWith(`${one.path}::`),
  );
}

function linesOf(node: ConfigNode | undefined, indent: string, key: string): readonly string[] {
  if (!node) return [];
  const lines = renderYaml(node).trimEnd().split('\n');
  if (key === '') return lines;
  if (node.kind === 'scalar' || lines[0] === '{}' || lines[0] === '[]')
    return [`${indent}${key}: ${lines[0] ?? ''}`, ...lines.slice(1).map((line) => `${indent}${line}`)];
  return [`${indent}${key}:`, ...lines.map((line) => `${indent}  ${line}`)];
}

function keyText(key: string): string {
  return /^[\w./-]+$/.test(key) ? key : JSON.stringify(key);
}
