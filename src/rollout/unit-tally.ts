import type { UnitCounters } from '../model/index.ts';
import { orderSpace } from './order.ts';
import { type Contribution, emptyCounters, lowestKept, type PlainCounts } from './unit-counters.ts';

/** The counters of one unit, kept agent by agent: adding or removing one costs the same in any fleet. */
export interface UnitTally {
  add(contribution: Contribution): void;
  /** Takes out what was added before. */
  remove(contribution: Contribution): void;
  /** The plain counts as they are now, without copying: for whoever asks at every report. */
  counts(): PlainCounts;
  /** Everything, counted under this version of the state. */
  counters(version: number): UnitCounters;
}

interface Bucket {
  readonly all: Set<number>;
  readonly healthy: Set<number>;
}

const bucketCount = 1_024;

/** A tally of nobody. Candidates lie in buckets by order, so that the lowest are found without sorting all. */
export function createUnitTally(): UnitTally {
  const counts: { -readonly [K in keyof UnitCounters]: UnitCounters[K] } = emptyCounters(0);
  const buckets = new Map<number, Bucket>();

  const change = ({ counts: names }: Contribution, by: 1 | -1) => {
    for (const name of names) counts[name] += by;
  };
  return {
    add(contribution) {
      change(contribution, 1);
      const { candidate } = contribution;
      if (!candidate) return;
      const index = bucketOf(candidate.order);
      const bucket = buckets.get(index) ?? { all: new Set(), healthy: new Set() };
      buckets.set(index, bucket);
      bucket.all.add(candidate.order);
      if (candidate.healthy) bucket.healthy.add(candidate.order);
    },
    remove(contribution) {
      change(contribution, -1);
      const { candidate } = contribution;
      const bucket = candidate && buckets.get(bucketOf(candidate.order));
      if (!bucket) return;
      bucket.all.delete(candidate.order);
      bucket.healthy.delete(candidate.order);
      if (bucket.all.size === 0) buckets.delete(bucketOf(candidate.order));
    },
    counts: () => counts,
    counters(version) {
      const [lowestHealthy] = lowestOf(buckets, 'healthy', 1);
      const lowest = lowestOf(buckets, 'all', lowestKept);
      return { ...counts, version, lowest, ...(lowestHealthy !== undefined && { lowestHealthy }) };
    },
  };
}

function bucketOf(order: number): number {
  return Math.floor((order / orderSpace) * bucketCount);
}

function lowestOf(
  buckets: ReadonlyMap<number, Bucket>,
  which: keyof Bucket,
  count: number,
): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < bucketCount && found.length < count; index += 1) {
    const bucket = buckets.get(index);
    if (bucket) found.push(...[...bucket[which]].sort((a, b) => a - b));
  }
  return found.slice(0, count);
}
