import { createLruMap } from '../model/index.ts';

/** Events counted since the start of a window. */
export interface Tally {
  count: number;
  since: number;
}

/** A tally of nothing. */
export function createTally(): Tally {
  return { count: 0, since: 0 };
}

/** Counts one event at `now`, after starting over when the window of `windowMs` has passed; returns the count. */
export function strike(tally: Tally, now: number, windowMs: number): number {
  if (tally.count === 0 || now - tally.since > windowMs) {
    tally.count = 0;
    tally.since = now;
  }
  tally.count += 1;
  return tally.count;
}

/** Tallies by key, for at most `limit` keys; the one that was not asked for for longest is forgotten first. */
export function createTallies(limit: number): { of(key: string): Tally } {
  const tallies = createLruMap<string, Tally>(limit);
  return {
    of(key) {
      const known = tallies.get(key);
      if (known) return known;
      const tally = createTally();
      tallies.set(key, tally);
      return tally;
    },
  };
}
