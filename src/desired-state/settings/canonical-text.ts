/** Plain values that a hash covers; the order of a list counts. */
export type CanonicalValue = string | number | boolean | undefined | readonly CanonicalValue[];

const encoder = new TextEncoder();

/** One text for one value, and another for any other: lengths go first, so that no value can look like two. */
export function canonicalText(value: CanonicalValue): string {
  switch (typeof value) {
    case 'string':
      return `s${encoder.encode(value).length}:${value}`;
    case 'number':
      return `i${value};`;
    case 'boolean':
      return value ? 'b1' : 'b0';
    case 'undefined':
      return 'n';
    default:
      return `l${value.length}:${value.map(canonicalText).join('')}`;
  }
}

/** The entries of a map in the order of their keys, which is not that of whoever wrote them. */
export function sortedEntries<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
