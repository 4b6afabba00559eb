import type { LabelValue } from '../model/index.ts';
import { type Bitset, clearBit, countBits, createBitset, growBitset, setBit } from './bitset.ts';
import { addSlot, removeSlot, type Slots } from './slots.ts';
import { addValue, createValueOrder, type ValueOrder } from './value-order.ts';

/** Which agents (by slot) have one label key, and with which values. */
export interface KeyIndex {
  present: Bitset;
  readonly values: Map<string, Slots>;
  readonly order: ValueOrder;
}

/** An index of a key that no agent has. */
export function createKeyIndex(capacity: number): KeyIndex {
  return { present: createBitset(capacity), values: new Map(), order: createValueOrder() };
}

/** Records that the agent at `slot`, which did not have the key, has it with this value. */
export function addLabel(index: KeyIndex, slot: number, value: LabelValue, capacity: number): void {
  if (slot >= index.present.length << 5) index.present = growBitset(index.present, capacity);
  setBit(index.present, slot);
  for (const element of elementsOf(value)) {
    const slots = index.values.get(element);
    if (slots === undefined) addValue(index.order, element);
    index.values.set(element, addSlot(slots, slot, capacity));
  }
}

/** Takes back what `addLabel` recorded with the same value. */
export function removeLabel(index: KeyIndex, slot: number, value: LabelValue): void {
  clearBit(index.present, slot);
  for (const element of elementsOf(value)) {
    const rest = removeSlot(index.values.get(element)!, slot);
    if (rest === undefined) index.values.delete(element);
    else index.values.set(element, rest);
  }
}

/** Whether no agent has the key. */
export function isUnused(index: KeyIndex): boolean {
  return index.values.size === 0 && countBits(index.present) === 0;
}

function elementsOf(value: LabelValue): Iterable<string> {
  return typeof value === 'string' ? [value] : new Set(value);
}
