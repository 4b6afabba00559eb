import type { RosterEntry } from '../fleet/index.ts';
import type { FleetReport, ReportedAgent, StatusSummary, TenantReport } from '../model/index.ts';
import { type SummaryOptions, summarizeRevision } from './summarize.ts';
import { standingOf, type TrackedRevision } from './tracked-revision.ts';
import { visitInSlices } from './view/visit-in-slices.ts';
import type { World } from './world.ts';

/** The fleet report of a revision (contract.md) without its agents and the texts of effective configs. */
export function composeReport(world: World, revision: TrackedRevision, options: SummaryOptions): FleetReport {
  const summary = summarizeRevision(world, revision, options);
  const names =
    revision.tenants.size > 0
      ? summary.tenants.map(({ tenant }) => tenant)
      : [...world.inForce.keys()].sort();
  const summaries = new Map(summary.tenants.map((one) => [one.tenant, one]));
  const tenants: Record<string, TenantReport> = {};
  for (const name of names) {
    const own = summaries.get(name);
    tenants[name] = {
      ...verdictOf(revision, name),
      agents: own?.agents ?? world.registry.countsOf(name),
      failures: [...(own?.failures ?? []), ...(own?.packages?.failures ?? [])],
    };
  }
  return {
    version: 1,
    revision: revision.sha,
    ...verdictOf(revision, 'fleet'),
    observedAt: new Date(options.now).toISOString(),
    ...endOf(revision, summary),
    tenants,
    agents: [],
    effectiveConfigs: {},
  };
}

/** The lines of all agents of a report's tenants; of a large fleet they are not made in one go. */
export async function reportAgents(
  world: World,
  { tenants }: Pick<FleetReport, 'tenants'>,
  breathe: () => Promise<void>,
): Promise<readonly ReportedAgent[]> {
  const agents: ReportedAgent[] = [];
  for (const name of Object.keys(tenants))
    await visitInSlices(world.registry.ofTenant(name), breathe, (entry) => {
      agents.push(reportAgent(world, entry));
    });
  return agents;
}

/** When it had reached its agents, and how long that took; or how to take it back where its rollout failed. */
function endOf(revision: TrackedRevision, { tenants }: StatusSummary): Partial<FleetReport> {
  const { sha, movedAt, takenUpAt } = revision;
  if (tenants.length === 0) return {};
  switch (verdictOf(revision, 'fleet').state) {
    case 'success':
      return {
        convergedAt: new Date(movedAt).toISOString(),
        seconds: Math.round(Math.max(0, movedAt - takenUpAt)) / 1_000,
      };
    case 'failure': {
      const all = tenants.flatMap(({ rollouts, packages }) => [
        ...(rollouts ?? []),
        ...(packages?.rollouts ?? []),
      ]);
      const hasFailed = all.some(({ state }) => state === 'failure');
      return hasFailed ? { revert: `git revert ${sha}` } : {};
    }
    case 'pending':
    case 'error':
      return {};
  }
}

/** One agent's line of the report. */
export function reportAgent(world: World, { agent, assignment, facts }: RosterEntry): ReportedAgent {
  const result = assignment.kind === 'assigned' ? world.renderings.get(assignment.renderKey) : undefined;
  const applied = agent.remoteConfigStatus?.state === 'applied' ? agent.remoteConfigStatus.hash : '';
  return {
    uid: agent.uid,
    tenant: agent.tenant,
    ...(facts.config !== undefined && { config: facts.config }),
    delivery: facts.delivery,
    sync: facts.sync,
    health: facts.health,
    ...(result?.kind === 'rendered' && { desiredHash: result.config.hash }),
    ...(applied !== '' && { appliedHash: applied }),
    ...(agent.effective && agent.effective.hash !== '' && { effectiveHash: agent.effective.hash }),
  };
}

function verdictOf(revision: TrackedRevision, name: string): Pick<TenantReport, 'state' | 'description'> {
  const standing = standingOf(revision, name) ?? standingOf(revision, 'fleet');
  return standing ? { state: standing.state, description: standing.description } : { state: 'pending' };
}
