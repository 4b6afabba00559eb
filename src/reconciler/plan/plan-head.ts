import type { AgentState, CommitSha, Plan, RepoContent } from '../../model/index.ts';
import { approvedFor, credentialOwners } from '../steps/adopt.ts';
import type { World } from '../world.ts';
import { computePlan } from './compute-plan.ts';
import type { PlanDeps, PlanEngine } from './ports.ts';
import { stalePlan } from './stale-plan.ts';

/** A head to plan. */
export interface PlannedHead {
  /** What would be on the branch if it were merged; its revision names no other content. */
  readonly content: RepoContent;
  /** The head, and the commit of the branch that it was merged with. */
  readonly sha: CommitSha;
  readonly base: CommitSha;
  /** False for the head of a stranger. */
  readonly showsValues: boolean;
}

/** Plans a head against what is in force and the agents of the roster; throws what `computePlan` and the engine throw. */
export async function planHead(
  world: World,
  head: PlannedHead,
  deps: Omit<PlanDeps, 'engine' | 'components'> & { readonly engine: PlanEngine },
): Promise<Plan> {
  const { engine } = deps;
  const { content, sha, base, showsValues } = head;
  const snapshot = await engine.borrow(content, credentialOwners(world), !showsValues);
  try {
    // What was read without the files that were at hand may lack them now.
    if (world.head?.content.revision !== base) throw stalePlan();
    const inForce = [...world.inForce].map(([name, tenant]) => [name, tenant.snapshot] as const);
    return await computePlan(
      {
        ...{ sha, base, showsValues },
        before: { tenants: new Map(inForce), problems: world.head?.snapshot.problems ?? [] },
        after: snapshot,
        agents: rosterByTenant(world),
        approved: (tenant) => approvedFor(world, { revision: sha }, snapshot, tenant),
      },
      { ...deps, components: world.components },
    );
  } finally {
    engine.release(content.revision);
  }
}

function rosterByTenant(world: World): ReadonlyMap<string, readonly AgentState[]> {
  const agents = new Map<string, AgentState[]>();
  for (const { agent } of world.registry.entries()) {
    const own = agents.get(agent.tenant);
    if (own) own.push(agent);
    else agents.set(agent.tenant, [agent]);
  }
  return agents;
}
