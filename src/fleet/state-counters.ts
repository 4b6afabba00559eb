import type { StateCounts } from '../model/index.ts';
import type { AgentFacts } from './facts.ts';

const slots = {
  connected: ['yes', 'no'],
  sync: ['Synced', 'OutOfSync', 'Unknown'],
  health: ['Healthy', 'Progressing', 'Degraded', 'Missing', 'Unknown'],
  delivery: [
    'applied',
    'applying',
    'offered',
    'pending',
    'held',
    'failed',
    'conflict',
    'unacknowledged',
    'unsupported',
    'unmanaged',
    'orphaned',
  ],
} as const satisfies {
  readonly [Fact in Exclude<keyof StateCounts, 'total'>]: readonly (keyof StateCounts[Fact])[];
};

const names = Object.entries(slots).flatMap(([fact, states]) => states.map((state) => `${fact}.${state}`));
const slotOf = new Map(names.map((name, index) => [name, index + 1]));

/** Agents of each group by each of their four facts, kept incrementally. */
export interface StateCounters {
  change(group: string, facts: AgentFacts, by: 1 | -1): void;
  get(group: string): StateCounts;
}

/** Empty counters; slot 0 of a group is its total. */
export function createStateCounters(): StateCounters {
  const groups = new Map<string, Int32Array>();
  return {
    change(group, facts, by) {
      const counts = groups.get(group) ?? new Int32Array(names.length + 1);
      groups.set(group, counts);
      counts[0]! += by;
      for (const name of statesOf(facts)) counts[slotOf.get(name) as number]! += by;
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
  const sum = new Int32Array(names.length + 1);
  for (const counts of all) {
    sum[0]! += counts.total;
    for (const [fact, states] of Object.entries(slots))
      for (const state of states) {
        const own = counts[fact as keyof typeof slots] as Readonly<Record<string, number>>;
        sum[slotOf.get(`${fact}.${state}`) as number]! += own[state] ?? 0;
      }
  }
  return toStateCounts(sum);
}

function statesOf({ connected, sync, health, delivery }: AgentFacts): readonly string[] {
  return [
    connected ? 'connected.yes' : 'connected.no',
    `sync.${sync}`,
    `health.${health}`,
    `delivery.${delivery}`,
  ];
}

function toStateCounts(counts: Int32Array | undefined): StateCounts {
  const facts = Object.entries(slots).map(([fact, states]) => [
    fact,
    Object.fromEntries(
      states.map((state) => [state, counts?.[slotOf.get(`${fact}.${state}`) as number] ?? 0]),
    ),
  ]);
  return { total: counts?.[0] ?? 0, ...Object.fromEntries(facts) } as StateCounts;
}
