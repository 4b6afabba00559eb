import type { PackagesPart } from '../fleet/index.ts';
import type { AgentState, Delivery, PackageStatuses } from '../model/index.ts';
import {
  asPackageAgent,
  contributionOf,
  decide,
  endPackageFailures,
  findStanding,
  type RolloutCase,
  type RolloutDecision,
  recordJudgement,
  recordOffer,
  recordPackageStatuses,
  type Standing,
} from '../rollout/index.ts';
import { judgedDelivery } from './compute-facts.ts';
import { packageCaseOf, packageOffersFor } from './rollouts/package-case.ts';
import { gatesOf } from './rollouts/roll-case.ts';
import { noteWaiting } from './rollouts/rollout-book.ts';
import type { PackageBytes } from './settings/package-targets.ts';
import type { World } from './world.ts';

export type PackagesDecision = RolloutDecision<PackageBytes>;

/** What is decided for one agent about its packages. */
export interface DecidedPackages {
  /** With what was found out about it. */
  readonly agent: AgentState;
  readonly part: PackagesPart;
  readonly decision: PackagesDecision;
}

const beforeGit: PackagesDecision = { kind: 'hold', reason: 'waiting until Git was read' };

/** Decides about packages for one agent from memory; undefined where no Package reaches it, or it takes none. */
export function decidePackages(
  world: World,
  before: AgentState,
  policy: { readonly offerRetryMs: number; readonly reportGraceMs: number },
  now: number,
): DecidedPackages | undefined {
  const rolled = packageCaseOf(world, before, { reportGraceMs: policy.reportGraceMs, now });
  if (!rolled) return undefined;
  const { unit, one } = rolled;
  const standing = findStanding(one);
  const decision = isBeforeGit(world, one)
    ? beforeGit
    : decide(one, standing, gatesOf(world, unit, policy.offerRetryMs));
  const held = decision.kind === 'hold' ? decision.reason : one.ownHold;
  noteWaiting(unit, before.uid, decision);
  const delivery = deliveryOf(one, standing, held);
  const part: PackagesPart = {
    unit: unit.id,
    name: unit.name,
    contribution: contributionOf(one, standing),
    returns: standing.returns,
    delivery,
    settled: standing.judgement.kind === 'settled',
    reason: reasonOf(standing, delivery, held),
    ...(delivery === 'held' && { heldBy: held === one.ownHold ? ('agent' as const) : ('rollout' as const) }),
  };
  return { agent: withJudgement(before, one, standing, now), part, decision };
}

/** Records that packages went out, so that they are not sent again. */
export function withPackagesOffer(
  world: World,
  agent: AgentState,
  offer: Extract<PackagesDecision, { kind: 'offer' }>,
  now: number,
): AgentState {
  const { bytes, as } = offer;
  const startedAt = world.rollouts.ofPackage(agent.tenant, bytes.manifest.name)?.state.startedAt ?? now;
  const sent = recordOffer(asPackageAgent(agent), bytes, as, { startedAt }, now);
  return { ...agent, packageProgress: { ...(agent.packageProgress ?? { failedHashes: [] }), ...sent } };
}

/** The agent with what a report tells of its packages: their statuses, where it has any, and its health with them. */
export function withPackageStatuses(
  world: World,
  agent: AgentState,
  statuses: PackageStatuses | undefined,
  now: number,
): AgentState {
  const told = statuses
    ? recordPackageStatuses(agent, statuses, packagesBehind(world, agent, statuses.offeredHash), now)
    : agent.packageProgress;
  if (!told) return agent;
  const packageProgress = endPackageFailures(told, agent.health?.healthy === true);
  return packageProgress === agent.packageProgress ? agent : { ...agent, packageProgress };
}

/** The hash of each package behind an aggregate hash; after a start, nothing has been put together yet for anybody. */
function packagesBehind(world: World, agent: AgentState, hash: string) {
  const offered = packageOffersFor(world, agent).find((one) => one.hash === hash);
  return offered?.packages ?? world.packageTargets.packagesOf(hash);
}

/** What the store says may be older than what the agent has. */
function isBeforeGit({ confirmed }: World, { agent, reportsOurs }: RolloutCase<PackageBytes>): boolean {
  return !confirmed && (agent.remoteConfigStatus?.hash ?? '') !== '' && !reportsOurs;
}

function withJudgement(
  agent: AgentState,
  { target, agent: seen }: RolloutCase<PackageBytes>,
  { judgement }: Standing,
  now: number,
): AgentState {
  if (!target) return agent;
  const found = recordJudgement(seen, target, judgement, now);
  if (!found.failedHashes && !found.settling) return agent;
  return { ...agent, packageProgress: { ...(agent.packageProgress ?? { failedHashes: [] }), ...found } };
}

function deliveryOf(
  { agent, target }: RolloutCase<PackageBytes>,
  { judgement }: Standing,
  held: string | undefined,
): Delivery {
  const waits = held === undefined ? 'pending' : 'held';
  return target ? judgedDelivery(agent, target, judgement, waits) : waits;
}

function reasonOf({ judgement }: Standing, delivery: Delivery, held: string | undefined): string | undefined {
  if (delivery === 'held') return held;
  if (judgement.kind !== 'failed') return undefined;
  return judgement.reason === 'rejected config' ? 'package not installed' : judgement.reason;
}
