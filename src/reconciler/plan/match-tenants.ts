import type { Assignment } from '../../model/index.ts';
import { type GuardFacts, judgeGuard } from '../../rollout/index.ts';
import type { RenderRequest } from '../ports.ts';
import { isEmptied, type TenantPair, tenantChangeOf } from '../tenant-change.ts';
import type { RequestFor } from './change-groups.ts';
import { isUntouched, type JudgeContext } from './judge-change.ts';
import { createMatcher, type MatchedAgent } from './match-agents.ts';
import type { PlanDeps, PlanInput } from './ports.ts';

/** One tenant that the head changes, with its agents under both sides. */
export interface PlannedTenant {
  readonly name: string;
  readonly pair: TenantPair;
  readonly agents: readonly MatchedAgent[];
  /** Why a guard would hold it. */
  readonly held: string | undefined;
}

/** Agents of the tenants that change, under both sides; notes what has to be rendered for them. */
export async function matchTenants(
  input: PlanInput,
  deps: PlanDeps,
  requests: Map<string, RenderRequest>,
): Promise<readonly PlannedTenant[]> {
  const { before, after } = input;
  const emptied = isEmptied(before.tenants.values(), after.tenants.values());
  const breathe = createBreather(deps);
  const planned: PlannedTenant[] = [];
  for (const name of [...new Set([...before.tenants.keys(), ...after.tenants.keys()])].sort()) {
    const pair = { before: before.tenants.get(name), after: after.tenants.get(name) };
    if (tenantChangeOf(pair, emptied) !== 'changed') continue;
    const match = createMatcher(pair, deps.now);
    const noteRequests = createRequestNoter(pair, requests);
    const agents: MatchedAgent[] = [];
    const losing: string[] = [];
    let assigned = 0;
    for (const agent of input.agents.get(name) ?? []) {
      await breathe();
      const one = match(agent);
      agents.push(one);
      noteRequests(one);
      if (one.before.kind !== 'assigned') continue;
      assigned += 1;
      if (one.after.kind === 'unmanaged') losing.push(agent.uid);
    }
    const emptiesRepo = emptied && pair.before !== undefined;
    const facts = { assigned, losing, emptiesRepo, approved: input.approved(name) };
    planned.push({ name, pair, agents, held: judgeTenant(facts, pair) });
  }
  return planned;
}

/** The guard as the reconciler asks it: numbers and limits of what is in force. */
function judgeTenant(facts: GuardFacts, { before, after }: TenantPair): string | undefined {
  const verdict = judgeGuard(facts, (before ?? after)?.fleet.guard ?? { percent: 20, agents: 3 });
  return verdict.kind === 'held' ? verdict.reason : undefined;
}

/** Notes what both sides give an agent whose config may change, by render key. */
function createRequestNoter(
  pair: TenantPair,
  requests: Map<string, RenderRequest>,
): (one: MatchedAgent) => void {
  const requestFor = requestsOf(pair);
  const configs = configsOf(pair);
  return (one) => {
    if (one.after.kind !== 'assigned' || isUntouched(one, { configs })) return;
    for (const request of [requestFor('before', one.before), requestFor('after', one.after)])
      if (request && !requests.has(request.assigned.renderKey))
        requests.set(request.assigned.renderKey, request);
  };
}

/** AgentConfigs of both sides by name. */
export function configsOf(pair: TenantPair): JudgeContext['configs'] {
  const byName = (side: 'before' | 'after') =>
    new Map(pair[side]?.configs.map((config) => [config.name, config]));
  return { before: byName('before'), after: byName('after') };
}

/** Where the renderings of both sides come from. */
export function requestsOf(pair: TenantPair): RequestFor {
  return (side, assignment: Assignment) => {
    const tenant = pair[side];
    if (!tenant || assignment.kind !== 'assigned') return undefined;
    return { revision: tenant.revision, tenant: tenant.name, assigned: assignment };
  };
}

/** Lets others run each time that a slice of agents has been seen. */
export function createBreather({ breathe, sliceSize }: PlanDeps): () => Promise<void> | undefined {
  let seen = 0;
  return () => {
    seen += 1;
    return seen % sliceSize === 0 ? breathe() : undefined;
  };
}
