import type { Parameters } from 'fast-check';
import { seed } from '../../support/property.ts';

const seconds = Number(process.env.MUSTER_FUZZ_SECONDS ?? 5);

/** What fast-check is to do with this part of the whole time, `MUSTER_FUZZ_SECONDS` or five. */
export function runFor<T>(part: number): Parameters<T> {
  const interruptAfterTimeLimit = seconds * 1000 * part;
  return { seed, numRuns: 10_000_000, interruptAfterTimeLimit, markInterruptAsFailure: false };
}

/** How long this part of the whole time is, in milliseconds. */
export function durationOf(part: number): number {
  return seconds * 1000 * part;
}

/** Says how to run the same again. */
export function printSeed(): void {
  console.info(`fuzz: MUSTER_SEED=${seed} MUSTER_FUZZ_SECONDS=${seconds}`);
}

/** A repeatable source of numbers below `limit` (mulberry32). */
export function createDice(): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % limit;
  };
}
