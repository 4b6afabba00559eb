/** A JSON object's members, or none where it is something else: hosts' answers are not trusted to have a shape. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** A JSON array's elements, or none. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string, or the empty one for null, absent and everything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
