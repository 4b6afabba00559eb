import type {
  CannotRun,
  PlannedAgents,
  PlannedConfig,
  PlannedHandover,
  PlannedHold,
  PlannedOverlap,
} from '../../model/index.ts';
import { createCounts } from './counts.ts';
import { type MatchedAgent, ownerOf } from './match-agents.ts';
import { createOverlaps, type Overlaps } from './overlaps.ts';
import type { AgentOutcome } from './ports.ts';

/** What the outcomes of single agents add up to. */
export interface Tally {
  note(one: MatchedAgent, outcome: AgentOutcome): void;
  readonly offers: () => readonly PlannedAgents[];
  readonly unassigned: () => readonly PlannedAgents[];
  readonly firstAdoptions: () => readonly PlannedAgents[];
  readonly losingOwner: () => readonly PlannedHandover[];
  readonly cannotRun: () => readonly CannotRun[];
  readonly withheld: () => readonly PlannedHold[];
  readonly overlaps: () => readonly PlannedOverlap[];
  /** Agents that an AgentConfig owns before. */
  readonly ownedBefore: (tenant: string, config: string) => number;
  /** Whether a selector matches anybody. */
  readonly isMatched: (side: 'before' | 'after', tenant: string, config: string) => boolean;
}

/** Nothing noted yet. */
export function createTally(): Tally {
  const offers = createCounts<PlannedConfig>();
  const unassigned = createCounts<PlannedConfig>();
  const firstAdoptions = createCounts<PlannedConfig>();
  const handovers = createCounts<Omit<PlannedHandover, 'agents'>>();
  const cannotRun = createCounts<PlannedConfig & Pick<CannotRun, 'missing'>>();
  const withheld = createCounts<PlannedConfig & Pick<PlannedHold, 'reason'>>();
  const overlaps: Overlaps = createOverlaps();
  const owned = new Map<string, number>();
  const matched = { before: new Set<string>(), after: new Set<string>() };

  const noteMatches = (one: MatchedAgent) => {
    const { tenant } = one.agent;
    for (const name of one.matchedBefore) matched.before.add(nameOf(tenant, name));
    for (const name of one.matchedAfter) matched.after.add(nameOf(tenant, name));
    overlaps.note(one);
  };
  const noteOutcome = (
    tenant: string,
    from: string | undefined,
    to: string | undefined,
    outcome: AgentOutcome,
  ) => {
    switch (outcome.kind) {
      case 'offer':
        offers.add({ tenant, config: to ?? '' });
        if (outcome.firstAdoption) firstAdoptions.add({ tenant, config: to ?? '' });
        return;
      case 'hold':
        if (outcome.lacks.length > 0) cannotRun.add({ tenant, config: to ?? '', missing: outcome.lacks });
        else withheld.add({ tenant, config: to ?? '', reason: outcome.reason });
        return;
      case 'unassigned':
        unassigned.add({ tenant, config: from ?? '' });
        return;
      case 'conflict':
      case 'none':
        return;
    }
  };
  return {
    note(one, outcome) {
      const { tenant } = one.agent;
      const [from, to] = [ownerOf(one.before), ownerOf(one.after)];
      noteMatches(one);
      if (from !== undefined) owned.set(nameOf(tenant, from), (owned.get(nameOf(tenant, from)) ?? 0) + 1);
      if (from !== undefined && to !== undefined && from !== to) handovers.add({ tenant, from, to });
      noteOutcome(tenant, from, to, outcome);
    },
    offers: offers.list,
    unassigned: unassigned.list,
    firstAdoptions: firstAdoptions.list,
    losingOwner: handovers.list,
    cannotRun: cannotRun.list,
    withheld: withheld.list,
    overlaps: overlaps.list,
    ownedBefore: (tenant, config) => owned.get(nameOf(tenant, config)) ?? 0,
    isMatched: (side, tenant, config) => matched[side].has(nameOf(tenant, config)),
  };
}

function nameOf(tenant: string, config: string): string {
  return `${tenant}/${config}`;
}
