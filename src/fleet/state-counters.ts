import type { StateCounts } from '../model/index.ts';
import type { AgentFacts } from './facts.ts';

/** Where each state is counted; slot 0 of a group is its total. */
const slotOf = {
  connected: { yes: 1, no: 2 },
  sync: { Synced: 3, OutOfSync: 4, Unknown: 5 },
  health: { Healthy: 6, Progressing: 7, Degraded: 8, Missing: 9, Unknown: 10 },
  delivery: {
    applied: 11,
    applying: 12,
    offered: 13,
    pending: 14,
    held: 15,
    failed: 16,
    conflict: 17,
    unacknowledged: 18,
    unsupported: 19,
    unmanaged: 20,
    orphaned: 21,
  },
} as const satisfies {
  readonly [Fact in Exclude<keyof StateCounts, 'total'>]: Readonly<Record<keyof StateCounts[Fact], number>>;
};
const slotCount = 22;

/** Agents of each group by each of their four facts, kept incrementally. */
export interface StateCounters {
  change(group: string, facts: AgentFacts, by: 1 | -1): void;
  get(group: string): StateCounts;
}

/** Empty counters. */
export function createStateCounters(): StateCounters {
  const groups = new Map<string, Int32Array>();
  const startGroup = (group: string) => {
    const counts = new Int32Array(slotCount);
    groups.set(group, counts);
    return counts;
  };
  return {
    change(group, facts, by) {
      const counts = groups.get(group) ?? startGroup(group);
      counts[0]! += by;
      counts[slotOf.connected[facts.connected ? 'yes' : 'no']]! += by;
      counts[slotOf.sync[facts.sync]]! += by;
      counts[slotOf.health[facts.health]]! += by;
      counts[slotOf.delivery[facts.delivery]]! += by;
      if (counts[0] === 0) groups.delete(group);
    },
    get: (group) => toStateCounts(groups.get(group)),
  };
}

/** Whether two facts are counted alike. */
export function sameStates(a: AgentFacts, b: AgentFacts): boolean {
  return (
    a.connected === b.connected && a.sync === b.sync && a.health === b.health && a.delivery === b.delivery
  );
}

/** The sum of several counts. */
export function sumStates(all: Iterable<StateCounts>): StateCounts {
  const sum = new Int32Array(slotCount);
  for (const counts of all) {
    sum[0]! += counts.total;
    for (const [fact, slots] of facts)
      for (const [state, slot] of Object.entries(slots)) {
        const own = counts[fact] as Readonly<Record<string, number>>;
        sum[slot]! += own[state] ?? 0;
      }
  }
  return toStateCounts(sum);
}

const facts = Object.entries(slotOf) as [keyof typeof slotOf, Readonly<Record<string, number>>][];

function toStateCounts(counts: Int32Array | undefined): StateCounts {
  const byFact = facts.map(([fact, slots]) => [
    fact,
    Object.fromEntries(Object.entries(slots).map(([state, slot]) => [state, counts?.[slot] ?? 0])),
  ]);
  return { total: counts?.[0] ?? 0, ...Object.fromEntries(byFact) } as StateCounts;
}
