import type { Labels, Requirement } from '../model/index.ts';
import { andBits, andNotBits, type Bitset, clearBit, countBits, forEachBit } from './bitset.ts';
import { globPrefix } from './glob.ts';
import type { KeyIndex } from './key-index.ts';
import { matchRequirement, valueTest } from './requirement.ts';
import { andNotSlots, orSlots, type Slots } from './slots.ts';
import { valuesWithPrefix } from './value-order.ts';

/** What narrowing needs besides the candidates. */
export interface NarrowInput {
  /** The index of the requirement's key; undefined where no agent has it. */
  readonly index: KeyIndex | undefined;
  /** Labels of the agent at a slot. */
  labelsAt(slot: number): Labels;
  /** Scratch space of the candidates' size. */
  readonly union: Bitset;
}

/** Removes from `candidates` every agent for which the requirement does not hold. */
export function narrow(candidates: Bitset, requirement: Requirement, input: NarrowInput): void {
  const { index } = input;
  if (!index) {
    if (!matchRequirement(requirement, undefined)) candidates.fill(0);
    return;
  }
  switch (requirement.operator) {
    case 'Exists':
      andBits(candidates, index.present);
      break;
    case 'DoesNotExist':
      andNotBits(candidates, index.present);
      break;
    case 'In':
      keepSlots(candidates, slotsOf(index, requirement.values), input.union);
      break;
    case 'NotIn':
      dropSlots(candidates, slotsOf(index, requirement.values));
      break;
    case 'Glob':
    case 'NotGlob':
    case 'Version':
      narrowByTest(candidates, requirement, index, input);
      break;
  }
}

function narrowByTest(
  candidates: Bitset,
  requirement: Requirement,
  index: KeyIndex,
  input: NarrowInput,
): void {
  const isNegative = requirement.operator === 'NotGlob';
  if (!isNegative) andBits(candidates, index.present);
  const values = likelyValues(index, requirement);
  // Where values must be tested one by one, fewer candidates than values make it cheaper to test the candidates.
  if (countBits(candidates) < values.length) {
    forEachBit(candidates, (slot) => {
      const value = input.labelsAt(slot).get(requirement.key);
      if (!matchRequirement(requirement, value)) clearBit(candidates, slot);
    });
    return;
  }
  const test = valueTest(requirement);
  const matching = slotsOf(index, values.filter(test));
  if (isNegative) dropSlots(candidates, matching);
  else keepSlots(candidates, matching, input.union);
}

/** All values that can pass the requirement's test, and some that cannot. */
function likelyValues({ order, values }: KeyIndex, requirement: Requirement): readonly string[] {
  const prefixes = new Set(requirement.operator === 'Version' ? [''] : requirement.values.map(globPrefix));
  if (prefixes.has('')) return [...values.keys()];
  return [...prefixes].flatMap((prefix) => valuesWithPrefix(order, prefix, values));
}

function slotsOf(index: KeyIndex, values: readonly string[]): Slots[] {
  return values.map((value) => index.values.get(value)).filter((slots) => slots !== undefined);
}

function keepSlots(candidates: Bitset, sets: readonly Slots[], union: Bitset): void {
  union.fill(0);
  for (const slots of sets) orSlots(union, slots);
  andBits(candidates, union);
}

function dropSlots(candidates: Bitset, sets: readonly Slots[]): void {
  for (const slots of sets) andNotSlots(candidates, slots);
}
