import type { LabelSelector, Labels, LabelValue, SelectorOperator } from '../model/index.ts';
import { type Bitset, clearBit, countBits, createBitset, forEachBit, growBitset, setBit } from './bitset.ts';
import { addLabel, createKeyIndex, isUnused, type KeyIndex, removeLabel } from './key-index.ts';
import { narrow } from './narrow.ts';

/** Answers selectors over many agents; equal to `matchSelector` on each. */
export interface AgentIndex {
  /** Adds an agent or replaces its labels; costs what differs from before. */
  set(id: string, labels: Labels): void;
  /** Removes an agent; its slot is used again. */
  delete(id: string): void;
  /** Ids of the agents that match, in no particular order. */
  select(selector: LabelSelector): string[];
  /** How many agents match, without listing them. */
  count(selector: LabelSelector): number;
}

interface Agent {
  readonly id: string;
  readonly labels: Labels;
}

/** Agents by slot; all bitsets have room for `capacity` slots. */
interface Roster {
  readonly agents: (Agent | undefined)[];
  readonly slots: Map<string, number>;
  readonly free: number[];
  readonly keys: Map<string, KeyIndex>;
  capacity: number;
  live: Bitset;
  candidates: Bitset;
  union: Bitset;
}

/** Cheap requirements first: they leave fewer candidates for those that test value by value. */
const cost: Record<SelectorOperator, number> = {
  In: 0,
  Exists: 1,
  DoesNotExist: 1,
  NotIn: 2,
  Version: 3,
  Glob: 3,
  NotGlob: 3,
};

const firstCapacity = 1024;
const noLabels: Labels = new Map();

/** An empty index: one bit per agent for every key, and for every value that many agents share. */
export function createAgentIndex(): AgentIndex {
  const roster = createRoster();
  return {
    set(id, labels) {
      const slot = roster.slots.get(id) ?? takeSlot(roster, id);
      replaceLabels(roster, slot, labels);
      roster.agents[slot] = { id, labels };
    },
    delete(id) {
      const slot = roster.slots.get(id);
      if (slot === undefined) return;
      replaceLabels(roster, slot, noLabels);
      releaseSlot(roster, slot, id);
    },
    select(selector) {
      const ids: string[] = [];
      forEachBit(computeMatches(roster, selector), (slot) => ids.push(roster.agents[slot]!.id));
      return ids;
    },
    count: (selector) => countBits(computeMatches(roster, selector)),
  };
}

function createRoster(): Roster {
  const capacity = firstCapacity;
  return {
    agents: [],
    slots: new Map(),
    free: [],
    keys: new Map(),
    capacity,
    live: createBitset(capacity),
    candidates: createBitset(capacity),
    union: createBitset(capacity),
  };
}

function takeSlot(roster: Roster, id: string): number {
  const slot = roster.free.pop() ?? roster.agents.length;
  roster.agents[slot] = undefined;
  roster.slots.set(id, slot);
  if (slot >= roster.capacity) {
    roster.capacity *= 2;
    roster.live = growBitset(roster.live, roster.capacity);
    roster.candidates = createBitset(roster.capacity);
    roster.union = createBitset(roster.capacity);
  }
  setBit(roster.live, slot);
  return slot;
}

function releaseSlot(roster: Roster, slot: number, id: string): void {
  roster.agents[slot] = undefined;
  roster.slots.delete(id);
  clearBit(roster.live, slot);
  roster.free.push(slot);
}

function replaceLabels(roster: Roster, slot: number, after: Labels): void {
  const before = roster.agents[slot]?.labels ?? noLabels;
  for (const [key, value] of before) {
    if (isSameValue(after.get(key), value)) continue;
    const index = roster.keys.get(key)!;
    removeLabel(index, slot, value);
    if (isUnused(index)) roster.keys.delete(key);
  }
  for (const [key, value] of after) {
    if (isSameValue(before.get(key), value)) continue;
    let index = roster.keys.get(key);
    if (!index) roster.keys.set(key, (index = createKeyIndex(roster.capacity)));
    addLabel(index, slot, value, roster.capacity);
  }
}

function computeMatches(roster: Roster, selector: LabelSelector): Bitset {
  const { candidates, union, live } = roster;
  candidates.set(live);
  const labelsAt = (slot: number): Labels => roster.agents[slot]!.labels;
  for (const requirement of selector.requirements.toSorted((a, b) => cost[a.operator] - cost[b.operator])) {
    narrow(candidates, requirement, { index: roster.keys.get(requirement.key), labelsAt, union });
  }
  return candidates;
}

function isSameValue(a: LabelValue | undefined, b: LabelValue): boolean {
  if (a === b) return true;
  if (a === undefined || typeof a === 'string' || typeof b === 'string') return false;
  return a.length === b.length && a.every((element, index) => element === b[index]);
}
