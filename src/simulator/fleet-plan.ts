import type { InstanceUid } from '../model/index.ts';
import type { SimulatedAgentOptions } from './agent-options.ts';
import type { Behaviour } from './behaviour.ts';

/** A fleet of which parts behave alike; shares are from 0 to 1. */
export interface FleetPlan {
  readonly count: number;
  /** `ws(s)://…` */
  readonly webSocketUrl: string;
  /** `http(s)://…` */
  readonly httpUrl: string;
  /** How many of them poll over HTTP. */
  readonly httpShare: number;
  readonly behaviours: ReadonlyMap<Behaviour, number>;
  /** How many come with the uid of another, as clones of one disk do. */
  readonly duplicateShare: number;
  /** They call from these in turn; from wherever the system likes where there is none. */
  readonly localAddresses: readonly string[];
  /** What all have in common. */
  readonly common: Omit<SimulatedAgentOptions, 'url' | 'uid' | 'behaviour' | 'localAddress'>;
}

const golden = (Math.sqrt(5) - 1) / 2;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A place in line for each index below `count`, each once; neighbours are far apart, and each `turn` has its own order. */
function createRanks(count: number, turn: number): (index: number) => number {
  let step = Math.max(1, Math.round(count * ((golden * turn) % 1)));
  while (greatestCommonDivisor(step, count) !== 1) step += 1;
  return (index) => (index * step) % count;
}

/** How many agents a share is: at least one where it is not 0. */
function sizeOf(share: number, count: number): number {
  return share === 0 ? 0 : Math.max(1, Math.round(share * count));
}

function createBehaviours({ count, behaviours }: FleetPlan): (index: number) => Behaviour {
  const rank = createRanks(count, 1);
  const line = [...behaviours].flatMap(([name, share]) =>
    Array.from({ length: sizeOf(share, count) }, () => name),
  );
  return (index) => line[rank(index)] ?? 'apply';
}

/** The uids of clones and of those they are clones of: nobody has one before it. */
function shareUids(plan: FleetPlan, createUid: () => InstanceUid): ReadonlyMap<number, InstanceUid> {
  const { count, duplicateShare } = plan;
  const rank = createRanks(count, 3);
  const firstClone = count - sizeOf(duplicateShare, count);
  const shared = new Map<number, InstanceUid>();
  for (let index = 1; index < count; index += 1) {
    if (rank(index) < firstClone) continue;
    const uid = shared.get(index - 1) ?? createUid();
    shared.set(index - 1, uid).set(index, uid);
  }
  return shared;
}

/**
 * What each agent of a plan is like. The parts are spread evenly over the numbers, and the same in every run. An agent
 * that takes the place of another has its transport and behaviour, another host name, and a uid of its own.
 */
export function planAgents(
  plan: FleetPlan,
  createUid: () => InstanceUid,
): (index: number, generation: number) => SimulatedAgentOptions {
  const { count, localAddresses, common } = plan;
  const behaviourOf = createBehaviours(plan);
  const uids = shareUids(plan, createUid);
  const transportRank = createRanks(count, 2);
  const polling = sizeOf(plan.httpShare, count);
  return (index, generation) => {
    const uid = generation === 0 ? uids.get(index) : undefined;
    const localAddress = localAddresses[index % localAddresses.length];
    const host = generation === 0 ? `sim-${index + 1}` : `sim-${index + 1}-${generation}`;
    return {
      ...common,
      url: transportRank(index) < polling ? plan.httpUrl : plan.webSocketUrl,
      behaviour: behaviourOf(index),
      attributes: { 'host.name': host, ...common.attributes },
      ...(uid !== undefined && { uid }),
      ...(localAddress !== undefined && { localAddress }),
    };
  };
}
