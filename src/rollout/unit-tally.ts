import {
  type UnitContribution,
  type UnitCounters,
  type UnitCountSet,
  unitCountNames,
} from '../model/index.ts';
import { orderSpace } from './order.ts';
import { emptyCounters, lowestKept, type PlainCounts } from './unit-counters.ts';

/** The counters of one unit, kept agent by agent: one that comes, changes or goes costs the same in any fleet. */
export interface UnitTally {
  /** Counts what an agent adds now in place of what it added before; undefined where it adds nothing. */
  move(before: UnitContribution | undefined, after: UnitContribution | undefined): void;
  /** The plain counts as they are now, without copying: for whoever asks at every report. */
  counts(): PlainCounts;
  /** Everything, counted under this version of the state. */
  counters(version: number): UnitCounters;
}

type Candidate = NonNullable<UnitContribution['candidate']>;

/** Candidates by their order, and whether they are healthy. */
type Bucket = Map<number, boolean>;

const bucketCount = 1_024;

/** A tally of nobody. Candidates lie in buckets by order, so that the lowest are found without sorting all. */
export function createUnitTally(): UnitTally {
  const counts: { -readonly [K in keyof UnitCounters]: UnitCounters[K] } = emptyCounters(0);
  const buckets = new Map<number, Bucket>();

  const change = (names: UnitCountSet, by: 1 | -1) => {
    for (let left = names; left !== 0; left &= left - 1) counts[unitCountNames[lowestBit(left)]!] += by;
  };
  const addCandidate = ({ order, healthy }: Candidate) => {
    const index = bucketOf(order);
    const bucket = buckets.get(index);
    if (bucket) bucket.set(order, healthy);
    else buckets.set(index, new Map([[order, healthy]]));
  };
  const dropCandidate = ({ order }: Candidate) => {
    const index = bucketOf(order);
    const bucket = buckets.get(index);
    if (bucket?.delete(order) && bucket.size === 0) buckets.delete(index);
  };
  return {
    move(before, after) {
      const [old, fresh] = [before?.counts ?? 0, after?.counts ?? 0];
      change(old & ~fresh, -1);
      change(fresh & ~old, 1);
      const [was, is] = [before?.candidate, after?.candidate];
      if (was && was.order !== is?.order) dropCandidate(was);
      if (is && (was?.order !== is.order || was.healthy !== is.healthy)) addCandidate(is);
    },
    counts: () => counts,
    counters(version) {
      const [lowestHealthy] = lowestOf(buckets, (healthy) => healthy, 1);
      const lowest = lowestOf(buckets, () => true, lowestKept);
      return { ...counts, version, lowest, ...(lowestHealthy !== undefined && { lowestHealthy }) };
    },
  };
}

function lowestBit(names: UnitCountSet): number {
  return 31 - Math.clz32(names & -names);
}

function bucketOf(order: number): number {
  return Math.floor((order / orderSpace) * bucketCount);
}

function lowestOf(
  buckets: ReadonlyMap<number, Bucket>,
  counts: (healthy: boolean) => boolean,
  count: number,
): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < bucketCount && found.length < count; index += 1) {
    const orders: number[] = [];
    for (const [order, healthy] of buckets.get(index) ?? []) if (counts(healthy)) orders.push(order);
    found.push(...orders.sort((a, b) => a - b));
  }
  return found.slice(0, count);
}
