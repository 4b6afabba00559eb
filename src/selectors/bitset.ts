/** A set of small integers, one bit each; functions on two bitsets treat a shorter one as padded with zeros. */
export type Bitset = Uint32Array;

/** An empty bitset for integers below `capacity`. */
export function createBitset(capacity: number): Bitset {
  return new Uint32Array((capacity + 31) >>> 5);
}

/** A copy with room for integers below `capacity`. */
export function growBitset(bits: Bitset, capacity: number): Bitset {
  const grown = createBitset(capacity);
  grown.set(bits);
  return grown;
}

/** Adds one integer, which has to be below the capacity. */
export function setBit(bits: Bitset, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31);
}

/** Removes one integer. */
export function clearBit(bits: Bitset, index: number): void {
  bits[index >>> 5]! &= ~(1 << (index & 31));
}

/** Whether the integer is a member. */
export function hasBit(bits: Bitset, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** Adds the members of `other`, whose excess capacity has to be empty. */
export function orBits(bits: Bitset, other: Bitset): void {
  const end = Math.min(bits.length, other.length);
  for (let word = 0; word < end; word++) bits[word]! |= other[word]!;
}

/** Keeps only members of `other`. */
export function andBits(bits: Bitset, other: Bitset): void {
  const end = Math.min(bits.length, other.length);
  for (let word = 0; word < end; word++) bits[word]! &= other[word]!;
  bits.fill(0, end);
}

/** Removes the members of `other`. */
export function andNotBits(bits: Bitset, other: Bitset): void {
  const end = Math.min(bits.length, other.length);
  for (let word = 0; word < end; word++) bits[word]! &= ~other[word]!;
}

/** How many members there are. */
export function countBits(bits: Bitset): number {
  let count = 0;
  for (let word = 0; word < bits.length; word++) if (bits[word] !== 0) count += popcount(bits[word]!);
  return count;
}

/** Calls `visit` with every member, ascending. */
export function forEachBit(bits: Bitset, visit: (index: number) => void): void {
  for (let word = 0; word < bits.length; word++) {
    let rest = bits[word]!;
    while (rest !== 0) {
      const lowest = 31 - Math.clz32(rest & -rest);
      visit((word << 5) | lowest);
      rest &= rest - 1;
    }
  }
}

/** Set bits of one 32-bit word, counted in pairs, nibbles and bytes (Hacker's Delight, 5-1). */
function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
