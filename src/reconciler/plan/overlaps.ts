import type { Labels, PlannedOverlap } from '../../model/index.ts';
import { type MatchedAgent, ownerOf } from './match-agents.ts';

/** Agents that several AgentConfigs match where that was not so, or not the same ones. */
export interface Overlaps {
  note(one: MatchedAgent): void;
  /** Conflicts first, then most agents first. */
  list(): readonly PlannedOverlap[];
}

const maxExampleLabels = 8;

/** None yet. */
export function createOverlaps(): Overlaps {
  const found = new Map<string, { overlap: Omit<PlannedOverlap, 'agents'>; agents: number }>();
  return {
    note({ agent, after, before, matchedAfter, matchedBefore }) {
      if (matchedAfter.length < 2) return;
      const isKnown = after.kind === before.kind && matchedAfter.join() === matchedBefore.join();
      if (isKnown) return;
      const owner = ownerOf(after);
      const configs =
        owner === undefined
          ? after.kind === 'conflict'
            ? after.configs
            : matchedAfter
          : [owner, ...matchedAfter.filter((name) => name !== owner)];
      const key = JSON.stringify([agent.tenant, owner, configs]);
      const known = found.get(key);
      if (known) known.agents += 1;
      else found.set(key, { overlap: describe(agent, configs, owner), agents: 1 });
    },
    list() {
      const all = [...found.values()].map(({ overlap, agents }) => ({ ...overlap, agents }));
      return all.sort((a, b) => rank(a) - rank(b) || b.agents - a.agents);
    },
  };
}

function describe(
  { tenant, labels }: MatchedAgent['agent'],
  configs: readonly string[],
  owner: string | undefined,
): Omit<PlannedOverlap, 'agents'> {
  return { tenant, configs, ...(owner !== undefined && { owner }), example: exampleOf(labels) };
}

function exampleOf(labels: Labels): Readonly<Record<string, string>> {
  const texts = [...labels].flatMap(([key, value]) =>
    typeof value === 'string' && !key.startsWith('fleet.') ? [[key, value] as const] : [],
  );
  return Object.fromEntries(texts.slice(0, maxExampleLabels));
}

function rank({ owner }: PlannedOverlap): number {
  return owner === undefined ? 0 : 1;
}
