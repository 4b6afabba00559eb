/** Spaces up to a column, then a mark as long as the word there. */
export function caretUnder(text: string, column: number): string {
  const word = /^(?:"[^"]*"|'[^']*'|[^\s,\]}]+)/.exec(text.slice(column - 1))?.[0] ?? '^';
  return `${' '.repeat(Math.min(column - 1, text.length))}${'^'.repeat(Math.max(1, word.replace(/:$/, '').length))}`;
}
