import type { LabelSelector, Labels, Requirement } from '../model/index.ts';
import { compileRequirement } from './requirement.ts';

/** Answers which of many selectors match one agent; equal to `matchSelector` with each. */
export interface SelectorIndex {
  /** Indexes into the selectors that the index was made of, ascending. */
  match(labels: Labels): number[];
}

/**
 * Selectors that share what remains to be evaluated of them so far, as a tree: where a requirement does not hold, none of
 * those below it is looked at.
 */
interface Branch {
  /** An index into the distinct requirements. */
  readonly requirement: number;
  /** Selectors of which nothing remains. */
  readonly positions: number[];
  readonly branches: Branch[];
}

type Tree = Pick<Branch, 'positions' | 'branches'>;

/** Selectors waiting under one label key. */
interface Bucket {
  /** By a value that their In requirement lists. */
  readonly byValue: Map<string, Tree>;
  /** For any value: a requirement that only an agent with the key can meet. */
  readonly byPresence: Tree;
}

/** How many In requirements list each value of each key. */
type Crowds = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * An index over fixed selectors. Each selector waits under one of its requirements, the one that fewest others
 * share, so that an agent's labels lead to few of them, and each requirement is evaluated once however many share it.
 */
export function createSelectorIndex(selectors: readonly LabelSelector[]): SelectorIndex {
  const { distinct, buckets, unanchored } = buildBuckets(selectors);
  const tests = distinct.map(compileRequirement);
  // By the number of the agent that was looked at last, so that nothing is cleared between agents.
  const evaluatedFor = new Float64Array(distinct.length);
  const matchedFor = new Float64Array(selectors.length);
  const holds = new Uint8Array(distinct.length);
  let agent = 0;

  function requirementHolds(index: number, labels: Labels): boolean {
    if (evaluatedFor[index] !== agent) {
      evaluatedFor[index] = agent;
      holds[index] = tests[index]!(labels.get(distinct[index]!.key)) ? 1 : 0;
    }
    return holds[index] === 1;
  }

  function collect({ positions, branches }: Tree, labels: Labels, found: number[]): void {
    for (const position of positions) {
      if (matchedFor[position] === agent) continue;
      matchedFor[position] = agent;
      found.push(position);
    }
    for (const branch of branches) {
      if (requirementHolds(branch.requirement, labels)) collect(branch, labels, found);
    }
  }

  function collectByValue({ byValue }: Bucket, value: string, labels: Labels, found: number[]): void {
    const tree = byValue.get(value);
    if (tree) collect(tree, labels, found);
  }

  return {
    match(labels) {
      agent += 1;
      const found: number[] = [];
      collect(unanchored, labels, found);
      for (const [key, bucket] of buckets) {
        const value = labels.get(key);
        if (value === undefined) continue;
        collect(bucket.byPresence, labels, found);
        if (typeof value === 'string') collectByValue(bucket, value, labels, found);
        else for (const element of value) collectByValue(bucket, element, labels, found);
      }
      return found.sort(ascending);
    },
  };
}

const ascending = (a: number, b: number): number => a - b;

function buildBuckets(selectors: readonly LabelSelector[]): {
  distinct: readonly Requirement[];
  buckets: ReadonlyMap<string, Bucket>;
  unanchored: Tree;
} {
  const crowds = countCrowds(selectors);
  const { distinct, uses, intern } = createInterning();
  const interned = selectors.map(({ requirements }) => requirements.map(intern));
  const buckets = new Map<string, Bucket>();
  const unanchored = createTree();
  for (const [position, { requirements }] of selectors.entries()) {
    const anchor = chooseAnchor(requirements, crowds);
    const isMet = anchor && isMetByAnchor.has(anchor.operator);
    // What most selectors share comes first: the trees have the fewest branches so.
    const rest = interned[position]!.filter((_, at) => !isMet || requirements[at] !== anchor).sort(
      (a, b) => uses[b]! - uses[a]! || a - b,
    );
    for (const tree of treesOf(anchor, buckets, unanchored)) plant(tree, rest, position);
  }
  return { distinct, buckets, unanchored };
}

function createTree(): Tree {
  return { positions: [], branches: [] };
}

/** Where a selector with this anchor waits. */
function treesOf(
  anchor: Requirement | undefined,
  buckets: Map<string, Bucket>,
  unanchored: Tree,
): readonly Tree[] {
  if (!anchor) return [unanchored];
  let bucket = buckets.get(anchor.key);
  if (!bucket) buckets.set(anchor.key, (bucket = { byValue: new Map(), byPresence: createTree() }));
  const { byValue, byPresence } = bucket;
  if (anchor.operator !== 'In') return [byPresence];
  return [...new Set(anchor.values)].map((value) => {
    const tree = byValue.get(value) ?? createTree();
    byValue.set(value, tree);
    return tree;
  });
}

function plant(tree: Tree, rest: readonly number[], position: number): void {
  let at = tree;
  for (const requirement of rest) {
    let branch = at.branches.find((one) => one.requirement === requirement);
    if (!branch) at.branches.push((branch = { requirement, ...createTree() }));
    at = branch;
  }
  at.positions.push(position);
}

/** Gives equal requirements one number. */
function createInterning(): {
  distinct: readonly Requirement[];
  /** How often each is used. */
  uses: readonly number[];
  intern: (requirement: Requirement) => number;
} {
  const known = new Map<string, number>();
  const distinct: Requirement[] = [];
  const uses: number[] = [];
  const intern = (requirement: Requirement): number => {
    const identity = JSON.stringify([requirement.key, requirement.operator, requirement.values]);
    const number = known.get(identity) ?? distinct.push(requirement) - 1;
    known.set(identity, number);
    uses[number] = (uses[number] ?? 0) + 1;
    return number;
  };
  return { distinct, uses, intern };
}

function countCrowds(selectors: readonly LabelSelector[]): Crowds {
  const crowds = new Map<string, Map<string, number>>();
  for (const { key, operator, values } of selectors.flatMap(({ requirements }) => requirements)) {
    if (operator !== 'In') continue;
    let counts = crowds.get(key);
    if (!counts) crowds.set(key, (counts = new Map()));
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return crowds;
}

/** How many selectors a requirement leads to; the smaller, the sooner it rules one out. */
function crowdOf({ key, operator, values }: Requirement, crowds: Crowds): number {
  if (operator !== 'In') return Number.MAX_VALUE;
  const counts = crowds.get(key);
  return values.reduce((sum, value) => sum + (counts?.get(value) ?? 0), 0);
}

function chooseAnchor(requirements: readonly Requirement[], crowds: Crowds): Requirement | undefined {
  let best: Requirement | undefined;
  let smallest = Number.MAX_VALUE;
  for (const requirement of requirements) {
    const crowd = crowdOf(requirement, crowds);
    if (crowd < smallest) [best, smallest] = [requirement, crowd];
  }
  return best ?? requirements.find(({ operator }) => needsPresence.has(operator));
}

const needsPresence: ReadonlySet<string> = new Set(['Exists', 'Glob', 'Version']);
/** What holds for every agent that was led to a selector by it. */
const isMetByAnchor: ReadonlySet<string> = new Set(['In', 'Exists']);
