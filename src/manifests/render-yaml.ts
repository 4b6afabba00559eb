import type { ConfigNode, MapEntry, ScalarNode } from '../model/index.ts';
import { renderLiteral, renderScalar } from './render-scalar.ts';

/** YAML allows 1024 characters before the `:` of a key; longer ones need the explicit `? key` form. */
const longestImplicitKey = 512;

/**
 * The tree as block-style YAML that yaml.v3 reads as exactly the same typed values: no comments, no aliases, keys in
 * tree order, two spaces a level, source text and quoting kept, a line feed at the end. Equal trees give equal bytes.
 */
export function renderYaml(node: ConfigNode): string {
  const lines: string[] = [];
  const inline = renderInline(node);
  if (inline === undefined) renderBlock(node, '', lines);
  else lines.push(inline);
  return `${lines.join('\n')}\n`;
}

function renderInline(node: ConfigNode): string | undefined {
  if (node.kind === 'map') return node.entries.length === 0 ? '{}' : undefined;
  if (node.kind === 'list') return node.items.length === 0 ? '[]' : undefined;
  return renderLiteral(node) ? undefined : renderScalar(node);
}

function renderBlock(node: ConfigNode, indent: string, lines: string[]): void {
  if (node.kind === 'map') {
    for (const entry of node.entries) renderEntry(entry, indent, lines);
  } else if (node.kind === 'list') {
    for (const item of node.items) renderItem(item, indent, lines);
  } else {
    const [header = '', ...body] = renderLiteral(node) ?? [];
    lines.push(header, ...body.map((line) => indentLine(line, `${indent}  `)));
  }
}

function renderEntry(entry: MapEntry, indent: string, lines: string[]): void {
  const key = renderKey(entry.key);
  const long = key.length > longestImplicitKey;
  if (long) lines.push(`${indent}? ${key}`);
  appendChild(entry.value, long ? `${indent}:` : `${indent}${key}:`, indent, lines);
}

function renderKey(key: ScalarNode): string {
  return renderScalar(key.style === 'literal' || key.style === 'folded' ? { ...key, style: 'double' } : key);
}

function renderItem(item: ConfigNode, indent: string, lines: string[]): void {
  const opensOnDash = item.kind === 'map' && item.entries.length > 0;
  if (!opensOnDash || item.entries[0]!.key.text.length > longestImplicitKey) {
    appendChild(item, `${indent}-`, indent, lines);
    return;
  }
  const start = lines.length;
  renderBlock(item, `${indent}  `, lines);
  lines[start] = `${indent}- ${lines[start]!.slice(indent.length + 2)}`;
}

function appendChild(node: ConfigNode, opening: string, indent: string, lines: string[]): void {
  const inline = renderInline(node);
  if (inline !== undefined) {
    lines.push(`${opening} ${inline}`);
    return;
  }
  const literal = node.kind === 'scalar';
  if (literal) {
    const start = lines.length;
    renderBlock(node, indent, lines);
    lines[start] = `${opening} ${lines[start]!}`;
    return;
  }
  lines.push(opening);
  renderBlock(node, `${indent}  `, lines);
}

function indentLine(line: string, indent: string): string {
  return line === '' ? '' : indent + line;
}
