import type { LabelSelector, Labels, LabelValue, Requirement } from '../model/index.ts';
import { type Bitset, createBitset, forEachBit, hasBit, setBit } from './bitset.ts';
import { matchRequirement } from './requirement.ts';

/** Answers which of many selectors match one agent; equal to `matchSelector` with each. */
export interface SelectorIndex {
  /** Indexes into the selectors that the index was made of, ascending. */
  match(labels: Labels): number[];
}

/** Selectors waiting under one label key. */
interface Bucket {
  /** By a value that their In requirement lists. */
  readonly byValue: Map<string, number[]>;
  /** For any value: a requirement that only an agent with the key can meet. */
  readonly byPresence: number[];
}

/** Distinct requirements, each evaluated once per agent however many selectors share it. */
interface Requirements {
  readonly distinct: readonly Requirement[];
  /** Per selector: indexes into `distinct`. */
  readonly bySelector: readonly (readonly number[])[];
}

/**
 * An index over fixed selectors. Each selector waits under one of its requirements, the one that fewest others
 * share, so that an agent's labels lead to few candidates; only those are evaluated in full.
 */
export function createSelectorIndex(selectors: readonly LabelSelector[]): SelectorIndex {
  const { distinct, bySelector } = internRequirements(selectors);
  const { buckets, unanchored } = buildBuckets(selectors);
  const evaluatedIn = new Float64Array(distinct.length);
  const holds = new Uint8Array(distinct.length);
  let round = 0;

  function requirementHolds(index: number, labels: Labels): boolean {
    if (evaluatedIn[index] !== round) {
      const requirement = distinct[index]!;
      evaluatedIn[index] = round;
      holds[index] = matchRequirement(requirement, labels.get(requirement.key)) ? 1 : 0;
    }
    return holds[index] === 1;
  }

  function check(candidates: readonly number[] | undefined, labels: Labels, matched: Bitset): void {
    if (!candidates) return;
    for (const candidate of candidates) {
      if (hasBit(matched, candidate)) continue;
      if (bySelector[candidate]!.every((index) => requirementHolds(index, labels)))
        setBit(matched, candidate);
    }
  }

  return {
    match(labels) {
      round++;
      const matched = createBitset(selectors.length);
      check(unanchored, labels, matched);
      for (const [key, value] of labels) {
        const bucket = buckets.get(key);
        if (!bucket) continue;
        check(bucket.byPresence, labels, matched);
        for (const element of elementsOf(value)) check(bucket.byValue.get(element), labels, matched);
      }
      const indexes: number[] = [];
      forEachBit(matched, (index) => indexes.push(index));
      return indexes;
    },
  };
}

function internRequirements(selectors: readonly LabelSelector[]): Requirements {
  const known = new Map<string, number>();
  const distinct: Requirement[] = [];
  const bySelector = selectors.map(({ requirements }) =>
    requirements.map((requirement) => {
      const identity = JSON.stringify([requirement.key, requirement.operator, requirement.values]);
      const existing = known.get(identity);
      if (existing !== undefined) return existing;
      known.set(identity, distinct.length);
      return distinct.push(requirement) - 1;
    }),
  );
  return { distinct, bySelector };
}

function buildBuckets(selectors: readonly LabelSelector[]): {
  buckets: Map<string, Bucket>;
  unanchored: number[];
} {
  const crowds = countCrowds(selectors);
  const buckets = new Map<string, Bucket>();
  const unanchored: number[] = [];
  for (const [index, { requirements }] of selectors.entries()) {
    const anchor = chooseAnchor(requirements, crowds);
    if (!anchor) {
      unanchored.push(index);
      continue;
    }
    let bucket = buckets.get(anchor.key);
    if (!bucket) buckets.set(anchor.key, (bucket = { byValue: new Map(), byPresence: [] }));
    if (anchor.operator !== 'In') bucket.byPresence.push(index);
    else for (const value of new Set(anchor.values)) pushTo(bucket.byValue, value, index);
  }
  return { buckets, unanchored };
}

/** How many In requirements list each value of each key. */
function countCrowds(selectors: readonly LabelSelector[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const crowds = new Map<string, Map<string, number>>();
  for (const { key, operator, values } of selectors.flatMap(({ requirements }) => requirements)) {
    if (operator !== 'In') continue;
    let counts = crowds.get(key);
    if (!counts) crowds.set(key, (counts = new Map()));
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return crowds;
}

function chooseAnchor(
  requirements: readonly Requirement[],
  crowds: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Requirement | undefined {
  let best: Requirement | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const requirement of requirements) {
    if (requirement.operator !== 'In') continue;
    const counts = crowds.get(requirement.key)!;
    const crowd = requirement.values.reduce((sum, value) => sum + counts.get(value)!, 0);
    if (crowd < smallest) [best, smallest] = [requirement, crowd];
  }
  return best ?? requirements.find(({ operator }) => needsPresence.has(operator));
}

const needsPresence: ReadonlySet<string> = new Set(['Exists', 'Glob', 'Version']);

function pushTo(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function elementsOf(value: LabelValue): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
