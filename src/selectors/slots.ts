import { andNotBits, type Bitset, clearBit, createBitset, growBitset, orBits, setBit } from './bitset.ts';

/** Many slots: a bitset and its number of members. */
interface DenseSlots {
  bits: Bitset;
  count: number;
}

/**
 * The agents (by slot) that have one value. Most values, such as host names, belong to one agent: so one slot is a
 * bare number, a few are a list, and only a value that many share takes a bitset. An empty set is undefined.
 */
export type Slots = number | number[] | DenseSlots;

/** From this many slots on, a bitset for `capacity` agents takes no more memory than a list. */
function denseFrom(capacity: number): number {
  return Math.max(64, capacity >>> 6);
}

/** The set with `slot` added, which must not be a member; may change `slots` in place. */
export function addSlot(slots: Slots | undefined, slot: number, capacity: number): Slots {
  if (slots === undefined) return slot;
  if (typeof slots === 'number') return [slots, slot];
  if (Array.isArray(slots)) {
    slots.push(slot);
    return slots.length < denseFrom(capacity) ? slots : toDense(slots, capacity);
  }
  if (slot >= slots.bits.length << 5) slots.bits = growBitset(slots.bits, capacity);
  setBit(slots.bits, slot);
  slots.count++;
  return slots;
}

/** The set with the member `slot` removed, undefined when it was the last; may change `slots` in place. */
export function removeSlot(slots: Slots, slot: number): Slots | undefined {
  if (typeof slots === 'number') return undefined;
  if (Array.isArray(slots)) {
    const last = slots.pop()!;
    if (last !== slot) slots[slots.indexOf(slot)] = last;
    return slots.length > 0 ? slots : undefined;
  }
  clearBit(slots.bits, slot);
  slots.count--;
  return slots.count > 0 ? slots : undefined;
}

/** Adds the slots to `bits`, which has room for them. */
export function orSlots(bits: Bitset, slots: Slots): void {
  if (typeof slots === 'number') setBit(bits, slots);
  else if (Array.isArray(slots)) for (const slot of slots) setBit(bits, slot);
  else orBits(bits, slots.bits);
}

/** Removes the slots from `bits`, which has room for them. */
export function andNotSlots(bits: Bitset, slots: Slots): void {
  if (typeof slots === 'number') clearBit(bits, slots);
  else if (Array.isArray(slots)) for (const slot of slots) clearBit(bits, slot);
  else andNotBits(bits, slots.bits);
}

function toDense(list: readonly number[], capacity: number): DenseSlots {
  const bits = createBitset(capacity);
  for (const slot of list) setBit(bits, slot);
  return { bits, count: list.length };
}
