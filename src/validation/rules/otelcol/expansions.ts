import type { ConfigNode } from '../../../model/index.ts';

/** A `${…}` in a value: the text between the braces and where it starts. */
export interface Expansion {
  readonly body: string;
  /** Offset of the `$` in the value. */
  readonly offset: number;
  /** False where the closing brace is missing. */
  readonly isClosed: boolean;
}

/** The `${…}` of a value, the inner ones of nested ones included; `$$` is a literal dollar and starts none. */
export function findExpansions(text: string): readonly Expansion[] {
  const open: number[] = [];
  const found: Expansion[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('$$', i)) i++;
    else if (text.startsWith('${', i)) open.push(i++);
    else if (text[i] === '}') {
      const offset = open.pop();
      if (offset !== undefined) found.push({ body: text.slice(offset + 2, i), offset, isClosed: true });
    }
  }
  return [...found, ...open.map((offset) => ({ body: text.slice(offset + 2), offset, isClosed: false }))];
}

/** Whether a node's value is known only on the agent or is a secret, so that nothing can be said about it here. */
export function isOpaque(node: ConfigNode | undefined): boolean {
  if (node?.kind !== 'scalar') return false;
  const { text } = node;
  if (text.includes('$(agent.') || text.includes('$(secrets.')) return true;
  return text.includes('${') && findExpansions(text).length > 0;
}
