import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, Limits } from '../../model/index.ts';
import { numberOf } from './fields.ts';

const keys = ['maxAgents', 'maxConfigBytes', 'maxFiles'] as const;

/** The `limits` of a document or a grant. */
export function limitsOf(node: ConfigNode): Limits {
  const limits = getEntry(node, 'limits')?.value;
  const read: { -readonly [K in keyof Limits]: Limits[K] } = {};
  for (const key of keys) {
    const value = numberOf(limits, key);
    if (value !== undefined) read[key] = value;
  }
  return read;
}

/** The narrowest of several limits, member by member. */
export function narrowLimits(all: readonly Limits[]): Limits {
  const narrowed: { -readonly [K in keyof Limits]: Limits[K] } = {};
  for (const key of keys) {
    const values = all.flatMap((limits) => limits[key] ?? []);
    if (values.length > 0) narrowed[key] = Math.min(...values);
  }
  return narrowed;
}

/** The members in which `own` asks for more than `granted`. */
export function widerLimits(own: Limits, granted: Limits): readonly (keyof Limits)[] {
  return keys.filter((key) => (own[key] ?? 0) > (granted[key] ?? Number.POSITIVE_INFINITY));
}
