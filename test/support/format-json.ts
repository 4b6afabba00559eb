const lineWidth = 110;

/** JSON as the linter lays it out: two spaces, and lists of single values on one line where they fit. */
export function formatJson(value: unknown): string {
  return `${formatValue(value, '', 0)}\n`;
}

function formatValue(value: unknown, indent: string, column: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = formatLine(value);
    // A comma may follow.
    if (line !== undefined && column + line.length + 1 <= lineWidth) return line;
    const items = value.map((item) => `${inner}${formatValue(item, inner, inner.length)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const head = `${inner}${JSON.stringify(key)}: `;
    return head + formatValue(member, inner, head.length);
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

function formatLine(items: readonly unknown[]): string | undefined {
  const isFlat = items.every((item) => typeof item !== 'object' || item === null);
  return isFlat ? `[${items.map((item) => JSON.stringify(item)).join(', ')}]` : undefined;
}
