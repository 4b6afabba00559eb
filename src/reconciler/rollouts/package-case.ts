import {
  type AgentState,
  agentCapability,
  type PackageManifest,
  type RolloutTarget,
} from '../../model/index.ts';
import { asPackageAgent, type RolloutCase } from '../../rollout/index.ts';
import { matchSelector } from '../../selectors/index.ts';
import type { PackageBytes, PackageTarget } from '../settings/package-targets.ts';
import type { World } from '../world.ts';
import { placeOf } from './roll-case.ts';
import type { Unit } from './rollout-book.ts';

/** An agent before the rollout of its Package; undefined where none reaches it, or it takes no packages. */
export function packageCaseOf(
  world: World,
  agent: AgentState,
  context: { readonly reportGraceMs: number; readonly now: number },
): { readonly unit: Unit; readonly one: RolloutCase<PackageBytes> } | undefined {
  const unit = unitOf(world, agent);
  if (!unit) return undefined;
  const { state, policy } = unit;
  const asked = targetOf(world, unit, state.target, agent);
  const good = state.lastGood && earlier(world, unit, state.lastGood, agent);
  const seen = asPackageAgent(agent);
  return {
    unit,
    one: {
      agent: seen,
      order: placeOf(unit, agent),
      state,
      policy,
      target: asked?.kind === 'offer' ? asked.bytes : undefined,
      lastGoodAssigns: good !== undefined,
      lastGood: good,
      pinned: state.pin && earlier(world, unit, state.pin.target, agent),
      ownHold: asked?.kind === 'held' ? asked.reason : undefined,
      reportsOurs: isOurs(world, agent),
      reportGraceMs: context.reportGraceMs,
      listeningSince: world.listeningSince,
      now: context.now,
    },
  };
}

/** The offers that may have gone to an agent: the target, last good, and what a pin asks for. */
export function packageOffersFor(world: World, agent: AgentState): readonly PackageBytes[] {
  const unit = unitOf(world, agent);
  if (!unit) return [];
  const { target, lastGood, pin } = unit.state;
  return [target, lastGood, pin?.target].flatMap((one) => {
    const made = one && targetOf(world, unit, one, agent);
    return made?.kind === 'offer' ? [made.bytes] : [];
  });
}

function unitOf(world: World, agent: AgentState): Unit | undefined {
  if ((agent.capabilities & agentCapability.acceptsPackages) === 0) return undefined;
  const match = world.inForce.get(agent.tenant)?.settings.package(agent.labels);
  return match?.kind === 'one' ? world.rollouts.ofPackage(agent.tenant, match.manifest.name) : undefined;
}

/** By the Package as it asked for the target: what came in force since may not be the rollout's target yet. */
function targetOf(
  world: World,
  unit: Unit,
  target: RolloutTarget,
  agent: AgentState,
): PackageTarget | undefined {
  const manifest = world.archive.package(unit.tenant, unit.name, target);
  return manifest && world.packageTargets.of(manifest, agent);
}

/** What an earlier target gives an agent: nothing where it does not reach it, or has no file for it. */
function earlier(
  world: World,
  unit: Unit,
  target: RolloutTarget,
  agent: AgentState,
): PackageBytes | undefined {
  const manifest = world.archive.package(unit.tenant, unit.name, target);
  if (!manifest || !reaches(manifest, unit, target, agent)) return undefined;
  const made = world.packageTargets.of(manifest, agent);
  return made.kind === 'offer' ? made.bytes : undefined;
}

function reaches(
  { selector }: PackageManifest,
  { state }: Unit,
  target: RolloutTarget,
  agent: AgentState,
): boolean {
  return target.key === state.target.key || matchSelector(selector, agent.labels);
}

/** Whether the packages that it reports are some that this server has offered to somebody. */
function isOurs(world: World, { packageProgress }: AgentState): boolean {
  const hash = packageProgress?.status?.hash ?? '';
  if (hash === '') return false;
  return packageProgress?.offered?.hash === hash || world.packageTargets.packagesOf(hash) !== undefined;
}
