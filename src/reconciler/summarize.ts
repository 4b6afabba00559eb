import { type RosterEntry, sumCounts } from '../fleet/index.ts';
import type {
  AgentCounts,
  CommitSha,
  ReportedFailure,
  StatusSummary,
  Successor,
  TenantSummary,
} from '../model/index.ts';
import { summarizePackages } from './settings/summarize-packages.ts';
import { summarizeRollouts } from './summarize-rollouts.ts';
import { standingOf, type TrackedRevision, type TrackedTenant } from './tracked-revision.ts';
import type { World } from './world.ts';

export interface SummaryOptions {
  readonly instance: string | undefined;
  readonly publicUrl: string | undefined;
  /** Until when agents may still be on their way back after the start, in milliseconds since the epoch. */
  readonly startingUntil: number;
  /** Whether all of the stored roster are back: then nobody is waited for where an agent took part. */
  readonly rosterBack: boolean;
  readonly now: number;
}

const maxFailures = 20;
const maxHops = 50;

/** What the statuses of one revision are composed from: counts over the agents of what it changed, and its problems. */
export function summarizeRevision(
  world: World,
  revision: TrackedRevision,
  options: SummaryOptions,
): StatusSummary {
  const names = [...revision.tenants.keys()].sort();
  return {
    sha: revision.sha,
    ...(options.instance !== undefined && { instance: options.instance }),
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    fleetChanged: revision.fleetChanged,
    tenants: names.flatMap((name) => {
      const tenant = revision.tenants.get(name);
      return tenant ? [summarizeTenant(world, revision, name, tenant, options)] : [];
    }),
    problems: revision.problems,
    validation: revision.validation,
  };
}

function summarizeTenant(
  world: World,
  revision: TrackedRevision,
  name: string,
  tracked: TrackedTenant,
  options: SummaryOptions,
): TenantSummary {
  // Where a repo has many tenants, most have no agents at any one time, and then nothing is to be counted.
  const configs = world.registry.ofTenant(name).next().done ? [] : tracked.configs;
  const failing = configs.flatMap((config) => [...world.registry.failing(name, config)]);
  const counts = sumCounts(configs.map((config) => world.registry.countsOf(name, config)));
  const agents = ownWrongConfigs(counts, failing, revision, name);
  const held = failing.filter(({ facts }) => facts.delivery === 'held');
  const heldReason = held.find(({ facts }) => !isDeliberate(facts))?.facts.reason;
  const units = configs.flatMap((config) => world.rollouts.of(name, config) ?? []);
  const rollouts = summarizeRollouts(
    world,
    units,
    (unit) => failuresOf([...world.registry.failing(name, unit.name)])[0],
  );
  const conflict = failing.find(({ assignment }) => assignment.kind === 'conflict')?.assignment;
  const successor = successorOf(world, tracked.supersededBy, name);
  return {
    tenant: name,
    problems: tracked.problems,
    ...(tracked.keeps !== undefined && { keeps: tracked.keeps }),
    ...(tracked.guard !== undefined && { guard: tracked.guard }),
    agents,
    failures: failuresOf(failing),
    ...(conflict?.kind === 'conflict' && { conflicts: filesOf(world, name, conflict.configs) }),
    paused: held.filter(({ facts }) => isDeliberate(facts)).length,
    ...(rollouts && { rollouts }),
    ...(tracked.packages?.length &&
      !successor && { packages: summarizePackages(world, name, tracked.packages) }),
    ...(heldReason !== undefined && { heldReason }),
    settled: isSettled(agents),
    starting: options.now < options.startingUntil && !(options.rosterBack && agents.connected > 0),
    attempt: tracked.attempt,
    ...(successor && { supersededBy: successor }),
  };
}

/** Nobody is in flight, and somebody has come to an end. */
function isSettled(agents: AgentCounts): boolean {
  const ended = agents.healthy + agents.failed + agents.unacknowledged + agents.unsupported;
  return agents.pending === 0 && agents.applied <= agents.healthy && ended > 0;
}

/**
 * A wrong config counts where it is this commit's: an agent that still runs what was wrong before may yet be mended by
 * it. After a success only an agent that took part may take it back; who came later is an alarm.
 */
function ownWrongConfigs(
  counts: AgentCounts,
  failing: readonly RosterEntry[],
  revision: TrackedRevision,
  name: string,
): AgentCounts {
  if (counts.wrongConfig === 0) return counts;
  const isVerdict = standingOf(revision, name)?.state === 'success';
  const tookPart = ({ agent }: RosterEntry) =>
    !isVerdict || (agent.statusHashAt ?? agent.firstSeenAt) <= revision.movedAt;
  return { ...counts, wrongConfig: failing.filter((entry) => isWrong(entry) && tookPart(entry)).length };
}

/** Whether it runs a wrong config instead of its target. */
function isWrong({ facts }: RosterEntry): boolean {
  return facts.wrongConfig && (facts.delivery === 'failed' || facts.delivery === 'applied');
}

/** What a rollout holds waits for its turn or for somebody's act, and waiting ends by itself; other holds fail the status. */
function isDeliberate({ heldBy, reason }: RosterEntry['facts']): boolean {
  return heldBy === 'rollout' || /^waiting\b/.test(reason ?? '');
}

function failuresOf(failing: readonly RosterEntry[]): readonly ReportedFailure[] {
  return failing
    .filter((entry) => entry.facts.delivery === 'failed' || isWrong(entry))
    .slice(0, maxFailures)
    .map(({ agent, facts }) => ({
      uid: agent.uid,
      host: hostOf(agent.labels),
      reason: failureReason(agent, facts.reason),
    }));
}

/**
 * The class of the failure, with the agent's exit code where it named one: its other words may quote a config. Back on
 * last good its status is about that; what it said of the failure is in its ledger.
 */
function failureReason(agent: RosterEntry['agent'], reason: string | undefined): string {
  const status = agent.remoteConfigStatus;
  const words = status?.state === 'failed' ? status.errorMessage : (agent.failedHashes.at(-1)?.reason ?? '');
  const exit = /exit (?:code|status)[ =:]+(\d{1,3})/i.exec(words)?.[1];
  return exit === undefined ? (reason ?? 'failed') : `exit code ${exit}`;
}

function hostOf(labels: ReadonlyMap<string, string | readonly string[]>): string {
  const host = labels.get('host.name') ?? labels.get('service.instance.id') ?? '';
  return typeof host === 'string' ? host : '';
}

function filesOf(world: World, tenant: string, configs: readonly string[]): readonly string[] {
  const all = world.inForce.get(tenant)?.snapshot.configs ?? [];
  return all.filter(({ name }) => configs.includes(name)).map(({ at }) => at.file);
}

/** The last commit in the chain that changed this tenant since, and how it fares for the tenant. */
function successorOf(world: World, first: CommitSha | undefined, name: string): Successor | undefined {
  let sha = first;
  for (let hops = 0; sha !== undefined && hops < maxHops; hops += 1) {
    const next = world.tracked.get(sha);
    if (!next) return { sha, state: 'error' };
    const onward = next.tenants.get(name)?.supersededBy;
    if (onward === undefined)
      return { sha, state: (standingOf(next, name) ?? standingOf(next, 'fleet'))?.state ?? 'pending' };
    sha = onward;
  }
  return undefined;
}
