import { expect, test } from 'vitest';
import { createBitset, forEachBit } from '../../../src/selectors/bitset.ts';
import { addSlot, orSlots, removeSlot, type Slots } from '../../../src/selectors/slots.ts';

const capacity = 1024;

function membersOf(slots: Slots | undefined): number[] {
  const bits = createBitset(capacity);
  if (slots !== undefined) orSlots(bits, slots);
  const members: number[] = [];
  forEachBit(bits, (slot) => members.push(slot));
  return members;
}

test('a set keeps its members through every form and is undefined when the last one goes', () => {
  const members = Array.from({ length: 200 }, (_, index) => index * 5);
  let slots: Slots | undefined;
  for (const [index, slot] of members.entries()) {
    slots = addSlot(slots, slot, capacity);
    expect(membersOf(slots)).toEqual(members.slice(0, index + 1));
  }
  for (const [index, slot] of members.entries()) {
    slots = removeSlot(slots!, slot);
    expect(membersOf(slots)).toEqual(members.slice(index + 1));
  }
  expect(slots).toBeUndefined();
});

test('one slot takes no more than a number, and a crowd no more than a bit each', () => {
  expect(addSlot(undefined, 7, capacity)).toBe(7);
  let slots: Slots = 0;
  for (let slot = 1; slot < 64; slot++) slots = addSlot(slots, slot, capacity);
  expect(slots).toMatchObject({ count: 64, bits: { length: capacity / 32 } });
});

test('a list forgets the slot that left and no other', () => {
  let slots: Slots | undefined = [3, 1, 2];
  slots = removeSlot(slots, 1);
  expect(membersOf(slots)).toEqual([2, 3]);
  slots = removeSlot(slots!, 2);
  expect(membersOf(slots)).toEqual([3]);
  expect(removeSlot(slots!, 3)).toBeUndefined();
});
