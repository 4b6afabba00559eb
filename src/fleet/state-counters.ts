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
  /** Counts an agent by what is true of it now in place of what was; undefined where it is not of the group. */
  move(group: string, before: AgentFacts | undefined, after: AgentFacts | undefined): void;
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
    move(group, before, after) {
      const counts = groups.get(group) ?? startGroup(group);
      if (before) change(counts, before, -1);
      if (after) change(counts, after, 1);
      if (counts[0] === 0) groups.delete(group);
    },
    get: (group) => toStateCounts(groups.get(group)),
  };
}

function change(counts: Int32Array, facts: AgentFacts, by: 1 | -1): void {
  counts[0]! += by;
  counts[slotOf.connected[facts.connected ? 'yes' : 'no']]! += by;
  counts[slotOf.sync[facts.sync]]! += by;
  counts[slotOf.health[facts.health]]! += by;
  counts[slotOf.delivery[facts.delivery]]! += by;
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
    for (const [fact, names] of facts) {
      const own = counts[fact] as Readonly<Record<string, number>>;
      for (const [state, slot] of names) sum[slot]! += own[state] ?? 0;
    }
  }
  return toStateCounts(sum);
}

const facts = (Object.keys(slotOf) as (keyof typeof slotOf)[]).map(
  (fact) => [fact, Object.entries<number>(slotOf[fact])] as const,
);

/** Made for each group that a view shows: loops over names cost several times as much. */
function toStateCounts(counts: Int32Array = noStates): StateCounts {
  const at = (slot: number) => counts[slot] ?? 0;
  const { connected, sync, health, delivery } = slotOf;
  return {
    total: at(0),
    connected: { yes: at(connected.yes), no: at(connected.no) },
    sync: { Synced: at(sync.Synced), OutOfSync: at(sync.OutOfSync), Unknown: at(sync.Unknown) },
    health: {
      Healthy: at(health.Healthy),
      Progressing: at(health.Progressing),
      Degraded: at(health.Degraded),
      Missing: at(health.Missing),
      Unknown: at(health.Unknown),
    },
    delivery: {
      applied: at(delivery.applied),
      applying: at(delivery.applying),
      offered: at(delivery.offered),
      pending: at(delivery.pending),
      held: at(delivery.held),
      failed: at(delivery.failed),
      conflict: at(delivery.conflict),
      unacknowledged: at(delivery.unacknowledged),
      unsupported: at(delivery.unsupported),
      unmanaged: at(delivery.unmanaged),
      orphaned: at(delivery.orphaned),
    },
  };
}

const noStates = new Int32Array(slotCount);
