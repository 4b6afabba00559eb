import type { AgentCounts } from '../model/index.ts';
import { type AgentFacts, counterNames, countersOf } from './facts.ts';

const slotOf = new Map(counterNames.map((name, index) => [name, index]));

/** Counts per group of agents, kept incrementally: one agent's change costs the same in any fleet. */
export interface Counters {
  add(group: string, facts: AgentFacts): void;
  remove(group: string, facts: AgentFacts): void;
  /** The counts of one group; all zero where it has no agents. */
  get(group: string): AgentCounts;
  /** The groups that have agents. */
  groups(): IterableIterator<string>;
}

/** Empty counters. */
export function createCounters(): Counters {
  const groups = new Map<string, Int32Array>();
  const change = (group: string, facts: AgentFacts, by: 1 | -1) => {
    const counts = groups.get(group) ?? new Int32Array(counterNames.length + 1);
    groups.set(group, counts);
    for (const name of countersOf(facts)) counts[slotOf.get(name) as number]! += by;
    counts[counterNames.length]! += by;
    if (counts[counterNames.length] === 0) groups.delete(group);
  };
  return {
    add: (group, facts) => change(group, facts, 1),
    remove: (group, facts) => change(group, facts, -1),
    get: (group) => toCounts(groups.get(group)),
    groups: () => groups.keys(),
  };
}

/** The sum of several counts. */
export function sumCounts(all: Iterable<AgentCounts>): AgentCounts {
  const sum = new Int32Array(counterNames.length);
  for (const counts of all) for (const [index, name] of counterNames.entries()) sum[index]! += counts[name];
  return toCounts(sum);
}

function toCounts(counts: Int32Array | undefined): AgentCounts {
  const entries = counterNames.map((name, index) => [name, counts?.[index] ?? 0] as const);
  return Object.fromEntries(entries) as unknown as AgentCounts;
}
