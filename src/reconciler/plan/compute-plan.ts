import type { Plan } from '../../model/index.ts';
import type { RenderRequest } from '../ports.ts';
import { createChangeGroups } from './change-groups.ts';
import { composePlan, maxDiffs } from './compose-plan.ts';
import { judgeChange } from './judge-change.ts';
import { configsOf, createBreather, matchTenants, requestsOf } from './match-tenants.ts';
import type { PlanDeps, PlanInput } from './ports.ts';
import { renderSides } from './render-sides.ts';
import { createTally } from './tally.ts';

/**
 * What a head would change if it were in force, for the fleet as it is: the reconciler's own functions decide for each
 * agent. A guard that would hold it is told, and what it would hold is planned all the same. Throws `PLAN_STALE` where
 * what is in force changed meanwhile.
 */
export async function computePlan(input: PlanInput, deps: PlanDeps): Promise<Plan> {
  const requests = new Map<string, RenderRequest>();
  const tenants = await matchTenants(input, deps, requests);
  const renderings = await renderSides(requests, deps.engine);
  const tally = createTally();
  const groups = createChangeGroups();
  const breathe = createBreather(deps);
  for (const { pair, agents } of tenants) {
    const context = { ...deps, renderings, configs: configsOf(pair) };
    for (const one of agents) {
      await breathe();
      const outcome = judgeChange(one, context);
      tally.note(one, outcome);
      if (outcome.kind === 'offer') groups.note(one, requestsOf(pair));
      deps.onAgent?.(one.agent.uid, outcome);
    }
  }
  const { showsValues } = input;
  const changes = await groups.describe({ engine: deps.engine, renderings, showsValues, limit: maxDiffs });
  return composePlan(input, { tenants, tally, ...changes, now: deps.now });
}
