import type { AgentCounts } from '../model/index.ts';
import { type CounterName, type CounterSet, counterNames } from './facts.ts';

const slotOf = Object.fromEntries(counterNames.map((name, index) => [name, index])) as Readonly<
  Record<CounterName, number>
>;

/** Counts per group of agents, kept incrementally: one agent's change costs the same in any fleet. */
export interface Counters {
  /** Counts an agent in `after` in place of `before`, each from `countersOf`; the empty set is an agent that is not of the group. */
  move(group: string, before: CounterSet, after: CounterSet): void;
  /** The counts of one group; all zero where it has no agents. */
  get(group: string): AgentCounts;
  /** The groups that have agents. */
  groups(): IterableIterator<string>;
}

/** Empty counters. */
export function createCounters(): Counters {
  const groups = new Map<string, Int32Array>();
  const startGroup = (group: string) => {
    const counts = new Int32Array(counterNames.length + 1);
    groups.set(group, counts);
    return counts;
  };
  return {
    move(group, before, after) {
      const counts = groups.get(group) ?? startGroup(group);
      change(counts, before & ~after, -1);
      change(counts, after & ~before, 1);
      counts[counterNames.length]! += Number(after !== 0) - Number(before !== 0);
      if (counts[counterNames.length] === 0) groups.delete(group);
    },
    get(group) {
      const counts = groups.get(group);
      return counts ? toCounts(counts) : nobody;
    },
    groups: () => groups.keys(),
  };
}

function change(counts: Int32Array, names: CounterSet, by: 1 | -1): void {
  for (let left = names; left !== 0; left &= left - 1) counts[31 - Math.clz32(left & -left)]! += by;
}

/** The sum of several counts. */
export function sumCounts(all: Iterable<AgentCounts>): AgentCounts {
  const sum = new Int32Array(counterNames.length);
  for (const counts of all) {
    if (counts === nobody) continue;
    for (const [index, name] of counterNames.entries()) sum[index]! += counts[name];
  }
  return toCounts(sum);
}

/** Made for each group that a view shows: a loop over names costs several times as much. */
function toCounts(counts: Int32Array): AgentCounts {
  const of = (name: CounterName) => counts[slotOf[name]] ?? 0;
  return {
    matched: of('matched'),
    connected: of('connected'),
    notConnected: of('notConnected'),
    applied: of('applied'),
    healthy: of('healthy'),
    failed: of('failed'),
    held: of('held'),
    conflict: of('conflict'),
    unmanaged: of('unmanaged'),
    unsupported: of('unsupported'),
    unacknowledged: of('unacknowledged'),
    drifted: of('drifted'),
    wrongConfig: of('wrongConfig'),
    pending: of('pending'),
  };
}

/** The counts of every group without agents. */
const nobody: AgentCounts = Object.freeze(toCounts(new Int32Array(counterNames.length)));
