/** One `$(…)` or `$$(` in a scalar's text. */
export type Reference =
  | { readonly kind: 'literal'; readonly source: string }
  | { readonly kind: 'foreign'; readonly source: string; readonly name: string }
  | { readonly kind: 'malformed'; readonly source: string }
  | {
      readonly kind: 'vars' | 'tenant' | 'agent' | 'secrets';
      readonly source: string;
      readonly name: string;
      readonly fallback?: string;
    };

/** A scalar's text in parts: plain text between references. */
export type TextPart = string | Reference;

const reference = /\$\$\(|\$\(([^()]*)\)|\$\((?=(?:vars|tenant|agent|secrets)\.)/g;
const ours = /^(vars|tenant|agent|secrets)\.([^:]*(?::(?!-)[^:]*)*)(?::-([\s\S]*))?$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_.\-/]{0,126}$/;

/** Splits a text at its references; a text without any is returned as its only part. */
export function findReferences(text: string): readonly TextPart[] {
  if (!text.includes('$(')) return [text];
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(reference)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(classify(match[0], match[1]));
    end = match.index + match[0].length;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
}

function classify(source: string, content: string | undefined): Reference {
  if (source === '$$(') return { kind: 'literal', source };
  if (content === undefined) return { kind: 'malformed', source };
  const [, kind, name = '', fallback] = ours.exec(content) ?? [];
  if (kind === undefined) return { kind: 'foreign', source, name: content };
  if (!variableName.test(name)) return { kind: 'malformed', source };
  const known = { kind: kind as 'vars' | 'tenant' | 'agent' | 'secrets', source, name };
  return fallback === undefined ? known : { ...known, fallback };
}
