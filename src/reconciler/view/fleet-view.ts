import { alignConfigs } from '../../desired-state/index.ts';
import { type RosterEntry, sumCounts, sumStates } from '../../fleet/index.ts';
import type {
  AgentDetail,
  AgentDiff,
  AgentState,
  AgentWhy,
  DesiredView,
  EventView,
  FleetEvent,
  FleetReport,
  FleetSummary,
  InstanceUid,
  RevisionSummary,
  StatusState,
  TenantHead,
} from '../../model/index.ts';
import { composeReport, reportAgents } from '../compose-report.ts';
import type { ConfigEngine, DesiredViewer } from '../ports.ts';
import type { SettingsView } from '../settings/view-settings.ts';
import type { SummaryOptions } from '../summarize.ts';
import type { World } from '../world.ts';
import { viewAgentDetail } from './agent-view.ts';
import { explainAgent } from './agent-why.ts';
import { listAttention } from './attention.ts';
import { renderingOf, viewConfig } from './config-view.ts';
import { createFingerprints } from './fingerprints.ts';
import { type AgentFilter, listAgents } from './list-agents.ts';
import { type EventQuery, listEvents, viewEvent } from './list-events.ts';
import { concerns, createProblemGroups, listProblems, type ProblemQuery } from './list-problems.ts';
import { findRevision, listRevisions, summarizeReport } from './revision-view.ts';
import { viewRolloutChanges } from './rollout-changes.ts';
import { listRollouts, showRollouts, viewRolloutDetail } from './rollout-view.ts';
import { addConfigs, countProblems, listNames, listTenants } from './tenant-view.ts';

/** What a view tells besides the world. */
export interface ViewSources {
  readonly server: FleetSummary['server'];
  readonly repo: FleetSummary['repo'];
  /** Lets other work have a turn. */
  readonly breathe: () => Promise<void>;
  readonly poll: () => unknown;
  readonly store: () => unknown;
  readonly outbox: () => unknown;
  readonly summaryOptions: () => SummaryOptions;
  /** Where an agent stands with what is offered beside its config. */
  readonly settings: (agent: AgentState) => SettingsView;
  readonly readEvents: (query: {
    readonly limit: number;
    readonly before?: string;
  }) => Promise<readonly (FleetEvent & { readonly id: string })[]>;
  readonly onEvent: (listener: (event: FleetEvent & { readonly id: string }) => void) => () => void;
}

/** The fleet as others read it: never changes anything, never shows one tenant another's. */
export function createFleetView(
  world: World,
  engine: Pick<ConfigEngine, 'redacted' | 'publish'> & DesiredViewer,
  sources: ViewSources,
) {
  const groupsOf = createProblemGroups();
  const fingerprint = createFingerprints();
  const visible = (scope: string, tenant: string | undefined) => scope === '*' || tenant === scope;
  const find = (scope: string, uid: string) => {
    const entry = world.registry.get(uid as InstanceUid);
    return entry && visible(scope, entry.agent.tenant) ? entry : undefined;
  };
  const effectiveOf = async (hash: string | undefined) =>
    hash === undefined || hash === '' ? undefined : engine.redacted(hash);

  const showDesired = async ({ agent: { tenant }, assignment }: RosterEntry) => {
    const revision = world.inForce.get(tenant)?.snapshot.revision;
    if (!revision || assignment.kind !== 'assigned') return undefined;
    if (world.renderings.get(assignment.renderKey)?.kind !== 'rendered') return undefined;
    return engine.showDesired({ revision, tenant, assigned: assignment });
  };

  return {
    fleet: (scope: string) => summarizeFleet(world, scope, sources),
    tenants: (scope: string) => listTenants(world, sources.breathe, scope),
    withConfigs: (tenants: readonly TenantHead[]) => addConfigs(world, sources.breathe, tenants),
    names: (scope: string) => listNames(world, scope),
    agents: (scope: string, filter: AgentFilter) => listAgents(world, sources.breathe, scope, filter),
    async agent(scope: string, uid: string): Promise<AgentDetail | undefined> {
      const entry = find(scope, uid);
      if (!entry) return undefined;
      const effectiveConfig = await effectiveOf(entry.agent.effective?.hash);
      return viewAgentDetail(world, entry, { effectiveConfig, ...sources.settings(entry.agent) });
    },
    async diff(scope: string, uid: string): Promise<AgentDiff | undefined> {
      const entry = find(scope, uid);
      if (!entry) return undefined;
      const { agent } = entry;
      const desired = (await showDesired(entry))?.text ?? null;
      const effective = (await effectiveOf(agent.effective?.hash)) ?? null;
      const differences = agent.effective?.verdict?.differences ?? [];
      return {
        uid,
        verdict: agent.effective?.verdict?.verdict ?? null,
        reason: agent.effective?.verdict?.reason ?? null,
        ...{ differences, desired, effective },
        rows: desired === null || effective === null ? [] : alignConfigs(effective, desired, differences),
      };
    },
    config: (scope: string, tenant: string, name: string) =>
      viewConfig(world, sources.breathe, { scope, tenant, name }),
    async desired(
      scope: string,
      tenant: string,
      name: string,
      hash?: string,
    ): Promise<DesiredView | undefined> {
      const inForce = visible(scope, tenant) ? world.inForce.get(tenant) : undefined;
      const config = inForce?.configs.get(name);
      const assigned = config && (await renderingOf(world, sources.breathe, config, hash));
      if (!inForce || !assigned) return undefined;
      return engine.showDesired({ revision: inForce.snapshot.revision, tenant, assigned });
    },
    why(scope: string, uid: string): AgentWhy | undefined {
      const entry = find(scope, uid);
      return entry && explainAgent(world, entry, sources.summaryOptions().now);
    },
    rollouts: (scope: string) => listRollouts(world, sources.breathe, scope),
    showRollouts: (ids: readonly string[]) => showRollouts(world, ids),
    rollout: (scope: string, id: string) => viewRolloutDetail(world, sources.breathe, { scope, id }),
    rolloutChanges: (scope: string, id: string) =>
      viewRolloutChanges(world, engine, {
        ...{ scope, id, breathe: sources.breathe },
        now: sources.summaryOptions().now,
      }),
    revision: (scope: string, sha: string) => summarizeRevision(world, sources, scope, sha),
    revisions: (scope: string) => listRevisions(world, scope),
    report: (scope: string, sha: string) => readReport(world, engine, sources, scope, sha),
    problems: (scope: string, query: ProblemQuery) =>
      listProblems(world, { viewer: engine, groupsOf }, scope, query),
    events: (scope: string, query: EventQuery) =>
      listEvents(sources.readEvents, { ...query, sees: (event) => visible(scope, event.tenant) }),
    fingerprint: (scope: string) => fingerprint(world, scope),
    onEvent: (scope: string, listener: (event: EventView) => void) =>
      sources.onEvent((event) => {
        if (visible(scope, event.tenant)) listener(viewEvent(event));
      }),
  };
}

async function summarizeFleet(world: World, scope: string, sources: ViewSources): Promise<FleetSummary> {
  const tenants = await listTenants(world, sources.breathe, scope);
  const attention = await listAttention(world, sources.breathe, scope, tenants);
  const [revision] = listRevisions(world, scope);
  const problems = (world.head?.snapshot.problems ?? []).filter((problem) => concerns(problem, scope));
  return {
    server: sources.server,
    repo: sources.repo,
    revision: revision ?? null,
    poll: sources.poll(),
    store: sources.store(),
    delivery: sources.outbox(),
    tenants: tenants.length,
    agents: sumCounts(tenants.map(({ agents }) => agents)),
    problems: countProblems(problems),
    stopped: world.stopped?.reason ?? null,
    now: new Date(sources.summaryOptions().now).toISOString(),
    states: sumStates(tenants.map(({ states }) => states)),
    tenantStates: countStates(tenants),
    attention,
  };
}

function countStates(tenants: readonly TenantHead[]): Readonly<Record<StatusState, number>> {
  const counts = { pending: 0, success: 0, failure: 0, error: 0 };
  for (const { status } of tenants) if (status) counts[status.state] += 1;
  return counts;
}

function summarizeRevision(
  world: World,
  sources: ViewSources,
  scope: string,
  sha: string,
): RevisionSummary | undefined {
  const revision = findRevision(world, sha);
  if (!revision) return undefined;
  const report = composeReport(world, revision, sources.summaryOptions());
  return summarizeReport(revision, scope === '*' ? report : scopeReport(report, scope), scope);
}

async function readReport(
  world: World,
  engine: Pick<ConfigEngine, 'publish'>,
  sources: ViewSources,
  scope: string,
  sha: string,
): Promise<FleetReport | undefined> {
  const revision = findRevision(world, sha);
  if (!revision) return undefined;
  const report = composeReport(world, revision, sources.summaryOptions());
  const own = scope === '*' ? report : scopeReport(report, scope);
  const agents = await reportAgents(world, own, sources.breathe);
  const hashes = [...new Set(agents.flatMap(({ effectiveHash }) => effectiveHash ?? []))];
  const texts = await engine.publish(revision.sha, hashes);
  return { ...own, agents, effectiveConfigs: Object.fromEntries(texts) };
}

function scopeReport(report: FleetReport, tenant: string): FleetReport {
  const own = report.tenants[tenant];
  return {
    ...report,
    state: own?.state ?? report.state,
    tenants: own ? { [tenant]: own } : {},
  };
}
