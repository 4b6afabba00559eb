import type { AgentCounts, Delivery, Health, Sync } from '../model/index.ts';

/** Where one agent stands, as separate facts that are never merged into one word. */
export interface AgentFacts {
  /** The AgentConfig that owns it, if one does. */
  readonly config: string | undefined;
  readonly delivery: Delivery;
  readonly sync: Sync;
  readonly health: Health;
  readonly connected: boolean;
  /** Connected, or fallen silent after an offer: only a goodbye takes an agent out of the count. */
  readonly takesPart: boolean;
  readonly drifted: boolean;
  readonly wrongConfig: boolean;
  /** Whether it has settled well on its target. */
  readonly settled: boolean;
  /** Whether it can never confirm what it runs. */
  readonly cannotConfirm: boolean;
  /** Whether what holds it is a fact of its own, or its rollout, which goes on by itself or by an act. */
  readonly heldBy?: 'agent' | 'rollout' | undefined;
  /** Why it failed or is held: safe to publish, without words of the agent's own. */
  readonly reason: string | undefined;
}

/** Names of the counters, in the order of the fleet report. */
export const counterNames = [
  'matched',
  'connected',
  'notConnected',
  'applied',
  'healthy',
  'failed',
  'held',
  'conflict',
  'unmanaged',
  'unsupported',
  'unacknowledged',
  'drifted',
  'wrongConfig',
  'pending',
] as const satisfies readonly (keyof AgentCounts)[];

export type CounterName = (typeof counterNames)[number];

/** Names of counters as a set: a bit for each of `counterNames`, from the lowest on. */
export type CounterSet = number;

/** The set of each name alone. */
export const counterBit = Object.fromEntries(
  counterNames.map((name, index) => [name, 1 << index]),
) as Readonly<Record<CounterName, CounterSet>>;

/** Which counters an agent with these facts is counted in: never none. */
export function countersOf(facts: AgentFacts): CounterSet {
  const isUnmanaged = facts.delivery === 'unmanaged' || facts.delivery === 'orphaned';
  let names = isUnmanaged ? counterBit.unmanaged : counterBit.matched;
  names |= facts.connected ? counterBit.connected : counterBit.notConnected;
  if (facts.drifted) names |= counterBit.drifted;
  if (facts.wrongConfig) names |= counterBit.wrongConfig;
  if (facts.settled && facts.connected) names |= counterBit.healthy;
  const delivery = deliveryCounter(facts);
  return delivery === undefined ? names : names | counterBit[delivery];
}

function deliveryCounter({ delivery, connected, takesPart }: AgentFacts): CounterName | undefined {
  switch (delivery) {
    case 'applied':
    case 'unsupported':
    case 'unacknowledged':
      return connected ? delivery : undefined;
    case 'failed':
      return takesPart ? delivery : undefined;
    case 'held':
    case 'conflict':
      return delivery;
    case 'offered':
    case 'applying':
    case 'pending':
      return takesPart ? 'pending' : undefined;
    case 'unmanaged':
    case 'orphaned':
      return undefined;
  }
}
