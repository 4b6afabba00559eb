import type { KeyedText } from './engine.ts';

/** Rows of the engine with pending writes laid over them (undefined: deleted), values parsed, ordered by key. */
export function overlayRows(
  rows: readonly KeyedText[],
  pending: ReadonlyMap<string, { readonly value: string | undefined }>,
): { readonly key: string; readonly value: unknown }[] {
  const merged = new Map<string, string>(rows);
  for (const [key, { value }] of pending) {
    if (value === undefined) merged.delete(key);
    else merged.set(key, value);
  }
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, json]) => ({ key, value: JSON.parse(json) as unknown }));
}
