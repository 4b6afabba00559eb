import type { ConfigNode, ListNode, MapEntry, MapNode, ScalarNode } from '../model/index.ts';
import { renderLiteral, renderScalar } from './render-scalar.ts';

/** YAML allows 1024 characters before the `:` of a key; longer ones need the explicit `? key` form. */
const longestImplicitKey = 512;

/**
 * The tree as block-style YAML that yaml.v3 reads as exactly the same typed values: no comments, no aliases, keys in
 * tree order, two spaces a level, source text and quoting kept, a line feed at the end. Equal trees give equal bytes.
 */
export function renderYaml(node: ConfigNode): string {
  return `${renderInline(node) ?? renderBlock(node, '')}\n`;
}

function renderInline(node: ConfigNode): string | undefined {
  if (node.kind === 'map') return node.entries.length === 0 ? '{}' : undefined;
  if (node.kind === 'list') return node.items.length === 0 ? '[]' : undefined;
  return renderLiteral(node) ? undefined : renderScalar(node);
}

// Configs that differ by an agent's name share all other nodes, which mostly stand as deep as before.
const rendered = new WeakMap<ConfigNode, { readonly indent: string; readonly text: string }>();

/** The lines of a node that does not fit on one, without the last line feed. */
function renderBlock(node: ConfigNode, indent: string): string {
  if (node.kind === 'scalar') return renderLiteralBlock(node, indent);
  if (node.transient) return renderBranch(node, indent);
  const known = rendered.get(node);
  if (known?.indent === indent) return known.text;
  const text = renderBranch(node, indent);
  rendered.set(node, { indent, text });
  return text;
}

function renderBranch(node: MapNode | ListNode, indent: string): string {
  return node.kind === 'map'
    ? joinLines(node.entries, (entry) => renderEntry(entry, indent))
    : joinLines(node.items, (item) => renderItem(item, indent));
}

// Added up instead of joined, so that what is kept of a node is not another copy of what is below it.
function joinLines<Item>(items: readonly Item[], render: (item: Item) => string): string {
  let text = '';
  let separator = '';
  for (const item of items) {
    text += separator + render(item);
    separator = '\n';
  }
  return text;
}

function renderLiteralBlock(node: ScalarNode, indent: string): string {
  const [header = '', ...body] = renderLiteral(node) ?? [];
  return [header, ...body.map((line) => indentLine(line, `${indent}  `))].join('\n');
}

function renderEntry(entry: MapEntry, indent: string): string {
  const key = renderKey(entry.key);
  if (key.length <= longestImplicitKey) return renderChild(entry.value, `${indent}${key}:`, indent);
  return `${indent}? ${key}\n${renderChild(entry.value, `${indent}:`, indent)}`;
}

function renderKey(key: ScalarNode): string {
  return renderScalar(key.style === 'literal' || key.style === 'folded' ? { ...key, style: 'double' } : key);
}

function renderItem(item: ConfigNode, indent: string): string {
  const opensOnDash = item.kind === 'map' && item.entries.length > 0;
  if (!opensOnDash || item.entries[0]!.key.text.length > longestImplicitKey)
    return renderChild(item, `${indent}-`, indent);
  return `${indent}- ${renderBlock(item, `${indent}  `).slice(indent.length + 2)}`;
}

function renderChild(node: ConfigNode, opening: string, indent: string): string {
  const inline = renderInline(node);
  if (inline !== undefined) return `${opening} ${inline}`;
  if (node.kind === 'scalar') return `${opening} ${renderLiteralBlock(node, indent)}`;
  return `${opening}\n${renderBlock(node, `${indent}  `)}`;
}

function indentLine(line: string, indent: string): string {
  return line === '' ? '' : indent + line;
}
