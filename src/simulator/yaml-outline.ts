/** One `key: value` line of a block-style YAML text, as Muster renders it. */
export interface OutlineEntry {
  readonly line: number;
  readonly indent: number;
  readonly key: string;
  /** The text after the colon, trimmed; empty where a block follows. */
  readonly value: string;
  /** Keys from the top down to and with this one; list items have none of their own. */
  readonly path: readonly string[];
}

const entryPattern =
  /^(?<lead>\s*(?:- )*)(?<key>[^\s#'"{[&*!|>%@`-][^:]*|'[^']*'|"[^"]*"):(?:\s+(?<value>.*))?$/;

/**
 * The keys of a block-style YAML text with their nesting. It understands what Muster renders, not YAML at large; the
 * insides of block scalars are left out.
 */
export function readOutline(text: string): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  const open: OutlineEntry[] = [];
  let scalarIndent = Number.POSITIVE_INFINITY;
  for (const [line, content] of text.split('\n').entries()) {
    const depth = content.search(/\S/);
    if (depth < 0 || depth > scalarIndent) continue;
    scalarIndent = Number.POSITIVE_INFINITY;
    const { lead, key, value = '' } = entryPattern.exec(content)?.groups ?? {};
    if (lead === undefined || key === undefined) continue;
    const indent = lead.length;
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const name = key.replace(/^(['"])(.*)\1$/, '$2');
    const path = [...(open.at(-1)?.path ?? []), name];
    const entry = { line, indent, key: name, value: value.trim(), path };
    entries.push(entry);
    open.push(entry);
    if (/^[|>]/.test(value)) scalarIndent = depth;
  }
  return entries;
}
