import { agentTypes } from '../../agent-types/index.ts';
import type { AgentState, Assigned, Assignment, RenderedConfig, RolloutTarget } from '../../model/index.ts';
import {
  computeCapacity,
  freeSlots,
  type OfferGates,
  orderOf,
  type RolloutCase,
} from '../../rollout/index.ts';
import type { World } from '../world.ts';
import type { ArchivedAssignment } from './archive.ts';
import type { Unit } from './rollout-book.ts';
import { configOf } from './unit-agents.ts';
import { unitKey } from './unit-id.ts';

/** An agent before the rollout of its AgentConfig; undefined where none owns it, or its rollout has not begun. */
export function caseOf(
  world: World,
  agent: AgentState,
  assignment: Assignment,
  own: { readonly target: RenderedConfig | undefined; readonly heldReason: string | undefined },
  context: { readonly reportGraceMs: number; readonly now: number },
): { readonly unit: Unit; readonly one: RolloutCase<RenderedConfig> } | undefined {
  if (assignment.kind !== 'assigned' && assignment.kind !== 'held') return undefined;
  const unit = world.rollouts.of(agent.tenant, assignment.config);
  if (!unit) return undefined;
  const { state, policy } = unit;
  const { now, reportGraceMs } = context;
  const good = state.lastGood && earlier(world, unit, state.lastGood, agent, own.target, now);
  const pinned = state.pin && earlier(world, unit, state.pin.target, agent, own.target, now);
  const reported = agent.remoteConfigStatus?.hash ?? '';
  return {
    unit,
    one: {
      agent,
      order: placeOf(unit, agent),
      state,
      policy,
      target: own.target,
      lastGoodAssigns: good?.assigns ?? false,
      lastGood: good?.bytes,
      pinned: pinned?.bytes,
      ownHold: own.heldReason,
      reportsOurs: reported !== '' && world.renderings.passesForOurs(reported),
      reportGraceMs,
      listeningSince: world.listeningSince,
      now,
    },
  };
}

/** Last good for an agent where it is not the target; undefined where it does not assign the agent. */
export function lastGoodOf(world: World, agent: AgentState, { config }: Assigned, now: number) {
  const unit = world.rollouts.of(agent.tenant, config);
  const good = unit?.state.lastGood;
  if (!unit || !good || good.key === unit.state.target.key) return undefined;
  const found = world.archive.assign(unit.tenant, unit.name, good, agent.labels, now);
  return found && { ...found, bytes: renderedOf(world, unit.tenant, found) };
}

/** What holds every agent of a unit now. */
export function gatesOf(world: World, unit: Unit, retryMs: number): OfferGates {
  const { state, policy, after, timeHold, counts } = unit;
  const config = configOf(world, unit);
  return {
    stop: stopOf(world),
    pause: config?.paused ? 'paused' : undefined,
    time: timeHold,
    after: after.kind === 'passed' ? undefined : `waiting for ${after.unit} (after)`,
    slots: freeSlots(computeCapacity(state, policy, counts), counts),
    slotsBack: freeSlots(policy.maxInFlight, counts),
    retryMs,
  };
}

function stopOf({ stopped, lapse }: World): string | undefined {
  if (!lapse.leads()) return 'waiting: the store cannot be reached, and another replica may lead';
  return stopped && `stopped: ${stopped.reason}`;
}

interface Earlier {
  readonly assigns: boolean;
  readonly bytes: RenderedConfig | undefined;
}

/** The bytes that an earlier target gives an agent; asks for those that are not rendered. */
function earlier(
  world: World,
  unit: Unit,
  target: RolloutTarget,
  agent: AgentState,
  current: RenderedConfig | undefined,
  now: number,
): Earlier {
  if (target.key === unit.state.target.key && current) return { assigns: true, bytes: current };
  const found = world.archive.assign(unit.tenant, unit.name, target, agent.labels, now);
  if (!found) return { assigns: false, bytes: undefined };
  return { assigns: true, bytes: renderedOf(world, unit.tenant, found) };
}

function renderedOf(
  world: World,
  tenant: string,
  { assigned, revision, inputsHash }: ArchivedAssignment,
): RenderedConfig | undefined {
  const result = world.renderings.get(assigned.renderKey);
  if (!result) world.renderings.want(tenant, assigned, inputsHash, revision);
  return result?.kind === 'rendered' ? result.config : undefined;
}

/** An agent's place in the order of a rollout. */
export function placeOf(unit: Unit, agent: AgentState): number {
  const known = unit.orders.get(agent.uid);
  if (known !== undefined) return known;
  const order = orderOf(unit.policy.name, unitKey(unit), identityOf(agent));
  unit.orders.set(agent.uid, order);
  return order;
}

/** An agent keeps its place over restarts, also where its uid changes at each. */
function identityOf({ uid, type, labels, tenant }: AgentState): string {
  return agentTypes[type].stableIdentity?.(labels, tenant) ?? uid;
}
