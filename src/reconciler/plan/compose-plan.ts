import type {
  AgentState,
  CredentialGoing,
  OrphanSelector,
  Plan,
  PlannedAgents,
  PlannedOverlap,
  PlannedRemoval,
  Problem,
} from '../../model/index.ts';
import { findCredentialsGoing, findOrphans, findRemovals } from './compare-tenants.ts';
import type { PlannedTenant } from './match-tenants.ts';
import { findNewProblems } from './new-problems.ts';
import type { PlanInput } from './ports.ts';
import type { Tally } from './tally.ts';

/** Items of one list of a plan. */
const maxItems = 500;
/** Changes whose diff is shown. */
export const maxDiffs = 100;

/** Puts a plan together from what was found; every list is bounded, most important first. */
export function composePlan(
  input: PlanInput,
  found: Pick<Plan, 'diffs' | 'findings'> & {
    readonly tenants: readonly PlannedTenant[];
    readonly tally: Tally;
    readonly now: number;
  },
): Plan {
  const { tenants, tally, now } = found;
  const limit = createLimit();
  const overlaps = tally.overlaps();
  const problems = findNewProblems(input.before.problems, input.after.problems);
  const plan = {
    sha: input.sha,
    base: input.base,
    state: stateOf([...problems, ...found.findings], overlaps),
    plannedAt: new Date(now).toISOString(),
    conflicts: [],
    blast: blastOf(input.agents, tally.offers(), limit),
    ...losses(input, tenants, tally, limit),
    firstAdoptions: limit(tally.firstAdoptions()),
    overlaps: limit(overlaps),
    orphanSelectors: limit(orphansOf(input.agents, tenants, tally)),
    losingOwner: limit(tally.losingOwner()),
    cannotRun: limit(tally.cannotRun()),
    withheld: limit(tally.withheld()),
    findings: limit(found.findings),
    problems: limit(problems),
    refused: limit(refusedOf(input)),
    held: tenants.flatMap(({ name, held }) => (held === undefined ? [] : [{ tenant: name, reason: held }])),
    diffs: limit(found.diffs),
  };
  return { ...plan, truncated: limit.wasReached() || found.diffs.length > maxDiffs };
}

function refusedOf({ before, after }: PlanInput): Plan['refused'] {
  return [...after.tenants.values()].flatMap(({ name, hasErrors, inputsHash, problems }) => {
    if (!hasErrors || before.tenants.get(name)?.inputsHash === inputsHash) return [];
    return [{ tenant: name, errors: problems.filter(({ severity }) => severity === 'error').length }];
  });
}

interface Limit {
  <Item>(items: readonly Item[]): readonly Item[];
  wasReached(): boolean;
}

function createLimit(): Limit {
  let reached = false;
  const limit = <Item>(items: readonly Item[]): readonly Item[] => {
    reached ||= items.length > maxItems;
    return items.slice(0, maxItems);
  };
  return Object.assign(limit, { wasReached: () => reached });
}

function losses(
  input: PlanInput,
  tenants: readonly PlannedTenant[],
  tally: Tally,
  limit: Limit,
): Pick<Plan, 'removals' | 'unassigned' | 'credentialsGoing'> {
  const removals: PlannedRemoval[] = [];
  const credentials: CredentialGoing[] = [];
  for (const { pair, held } of tenants) removals.push(...findRemovals(pair, held !== undefined, tally));
  // A credential goes whatever else is wrong with its tenant.
  for (const [name, before] of input.before.tenants) {
    const pair = { before, after: input.after.tenants.get(name) };
    credentials.push(...findCredentialsGoing(name, pair, input.agents.get(name) ?? []));
  }
  const mostFirst = <Item extends { readonly agents: number }>(items: Item[]) =>
    limit(items.sort((a, b) => b.agents - a.agents));
  return {
    removals: mostFirst(removals),
    unassigned: limit(tally.unassigned()),
    credentialsGoing: mostFirst(credentials),
  };
}

/** Without a single agent known, every selector is one that matches nobody. */
function orphansOf(
  agents: PlanInput['agents'],
  tenants: readonly PlannedTenant[],
  tally: Tally,
): readonly OrphanSelector[] {
  return countAgents(agents) === 0 ? [] : tenants.flatMap(({ pair }) => findOrphans(pair, tally));
}

function blastOf(agents: PlanInput['agents'], offers: readonly PlannedAgents[], limit: Limit): Plan['blast'] {
  return {
    agents: offers.reduce((sum, one) => sum + one.agents, 0),
    ofAgents: countAgents(agents),
    tenants: new Set(offers.map(({ tenant }) => tenant)).size,
    byConfig: limit(offers),
  };
}

function countAgents(agents: ReadonlyMap<string, readonly AgentState[]>): number {
  let count = 0;
  for (const own of agents.values()) count += own.length;
  return count;
}

function stateOf(
  problems: readonly Pick<Problem, 'severity'>[],
  overlaps: readonly PlannedOverlap[],
): Plan['state'] {
  if (problems.some(({ severity }) => severity === 'error')) return 'error';
  return overlaps.some(({ owner }) => owner === undefined) ? 'conflict' : 'ok';
}
