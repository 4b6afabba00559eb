import type { LabelSelector, Labels, Requirement } from '../model/index.ts';
import { satisfyKey } from './satisfy-key.ts';

/** Whether one agent can match two selectors: proven not, yes with labels that do, or neither shown. */
export type Intersection =
  | { readonly kind: 'disjoint' }
  | { readonly kind: 'overlap'; readonly example: Labels }
  | { readonly kind: 'unknown' };

/**
 * Compares two selectors for agents whose attributes on the keys concerned are texts, not arrays: an array may hold
 * a value of each. `disjoint` is a proof under that condition, and `example` really matches both.
 */
export function intersectSelectors(a: LabelSelector, b: LabelSelector): Intersection {
  if (excludeEachOther(a, b)) return { kind: 'disjoint' };
  const byKey = new Map<string, Requirement[]>();
  for (const requirement of [...a.requirements, ...b.requirements]) {
    const sameKey = byKey.get(requirement.key);
    if (sameKey) sameKey.push(requirement);
    else byKey.set(requirement.key, [requirement]);
  }
  const example = new Map<string, string>();
  let isProven = true;
  for (const [key, requirements] of byKey) {
    const satisfaction = satisfyKey(withoutRepetition(requirements));
    if (satisfaction.kind === 'none') return { kind: 'disjoint' };
    if (satisfaction.kind === 'unknown') isProven = false;
    else if (satisfaction.value !== undefined) example.set(key, satisfaction.value);
  }
  return isProven ? { kind: 'overlap', example } : { kind: 'unknown' };
}

/** Longer lists are left to the search, which looks values up in sets. */
const maxCompared = 64;

/**
 * Whether the two list values of one key and have none in common. Nearly all pairs of a fleet repo differ so, and every
 * pair of a tenant is compared at every commit: this is a small part of what a search for an example takes.
 */
function excludeEachOther(a: LabelSelector, b: LabelSelector): boolean {
  return a.requirements.some(
    (left) =>
      left.operator === 'In' &&
      b.requirements.some(
        (right) =>
          right.operator === 'In' &&
          right.key === left.key &&
          left.values.length * right.values.length <= maxCompared &&
          !right.values.some((value) => left.values.includes(value)),
      ),
  );
}

function withoutRepetition(requirements: readonly Requirement[]): readonly Requirement[] {
  return [...new Map(requirements.map((one) => [JSON.stringify([one.operator, one.values]), one])).values()];
}
