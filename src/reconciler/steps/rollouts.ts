import type { RolloutState } from '../../model/index.ts';
import {
  type AdvanceInputs,
  advance,
  afterStandingOf,
  computeCapacity,
  freeSlots,
  timeHold,
} from '../../rollout/index.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import type { Unit } from '../rollouts/rollout-book.ts';
import { agentsOf, configOf } from '../rollouts/unit-agents.ts';
import { unitKey } from '../rollouts/unit-id.ts';

/** Moves every rollout that may move, by what its agents came to; whoever that concerns is decided for again. */
export function createRolloutStep(isStarting: () => boolean): Step<Pass> {
  return {
    name: 'rollouts',
    async run(pass) {
      const { world, clock } = pass.deps;
      const starting = isStarting();
      const due = world.rollouts.takeDue(clock.now()).filter(({ present }) => present);
      const moves = due.map((unit) => advanceUnit(pass, unit, starting));
      // What has been decided outlives the process before anybody is offered anything for it: otherwise a step that died
      // with the process would choose its agents anew.
      await Promise.all(moves.map(({ unit, state }) => keepMove(pass, unit, state)));
      for (const move of moves) takeMove(pass, move);
      for (const unit of due) noteProgress(pass, unit, starting);
      keepProgress(pass);
      if (pass.reasons.includes('tick')) retryReturning(pass);
    },
  };
}

/** For the chart of it. What is not counted yet is no progress, and who has not come back after a start no loss. */
function noteProgress({ deps: { world, clock } }: Pass, unit: Unit, starting: boolean): void {
  const { id, tally, counted } = unit;
  const { version, startedAt, endedAt, step } = unit.state;
  const { settled: reached = 0 } = world.progress.of(id, startedAt).at(-1) ?? {};
  const settled = tally.counts().settledWell;
  if (counted !== version || (starting && settled < reached)) return;
  world.progress.note(id, { startedAt, ended: endedAt !== undefined }, { at: clock.now(), settled, step });
}

/** So that the chart outlives the process; nobody waits for it. */
function keepProgress({ deps: { world, memory, clock } }: Pass): void {
  for (const [unit, fact] of world.progress.takeDue(clock.now())) memory.putFact(progressKey(unit), fact);
}

/** Where a rollout goes from here. */
interface Move {
  readonly unit: Unit;
  readonly before: RolloutState;
  readonly state: RolloutState;
  readonly events: ReturnType<typeof advance>['events'];
  /** Whether something else than before holds its agents, though nothing of what was counted has changed. */
  readonly isHeldAnew: boolean;
}

function advanceUnit(pass: Pass, unit: Unit, starting: boolean): Move {
  const now = pass.deps.clock.now();
  const before = unit.state;
  const counters = unit.counted === before.version ? unit.tally.counters(before.version) : undefined;
  const held = unit.timeHold;
  const afterBefore = unit.after.kind;
  unit.after = afterOf(pass, unit);
  unit.timeHold = timeHold(unit.gate, now);
  const { state, events, wakeAt } = advance(
    before,
    counters,
    unit.policy,
    now,
    inputsOf(pass, unit, starting),
  );
  pass.deps.world.rollouts.wake(unit, wakeAt);
  const isHeldAnew =
    held !== unit.timeHold || afterBefore !== unit.after.kind || before.pause !== state.pause;
  return { unit, before, state, events, isHeldAnew };
}

function hasMoved(before: RolloutState, { version, phase }: RolloutState): boolean {
  return version !== before.version || phase !== before.phase;
}

async function keepMove({ deps }: Pass, unit: Unit, state: RolloutState): Promise<void> {
  if (hasMoved(unit.state, state)) await deps.memory.keepFact(rolloutKey(unit.id), state);
  else if (state !== unit.state) deps.memory.putFact(rolloutKey(unit.id), state);
}

function takeMove(pass: Pass, { unit, before, state, events, isHeldAnew }: Move): void {
  const { clock, onEvent } = pass.deps;
  if (unit.state !== before) {
    // An operator was faster, and what was kept since is theirs: it goes on from there.
    recount(pass, unit);
    return;
  }
  for (const { kind, text } of events) {
    const message = `${unitKey(unit)}: ${text}`;
    const { source: sha } = before.target;
    onEvent({
      at: clock.now(),
      kind: `rollout-${kind}`,
      ...{ tenant: unit.tenant, config: unitKey(unit) },
      sha,
      message,
    });
  }
  if (state !== before) putState(pass, unit, state);
  if (isHeldAnew || unit.counted !== state.version) recount(pass, unit);
  else releaseWaiting(pass, unit);
}

/** A new state: told to those that come after it, and not counted yet. */
function putState(pass: Pass, unit: Unit, state: RolloutState): void {
  const { world } = pass.deps;
  const moved = hasMoved(unit.state, state);
  world.rollouts.move(unit, state);
  if (!moved) return;
  // Whoever was counted in the last step counts the same once it has passed.
  unit.counted = state.phase === 'passed' ? state.version : 0;
  for (const other of world.rollouts.ofTenant(unit.tenant))
    if (other.id !== unit.id) world.rollouts.touch(other.id);
}

/** Where a rollout's state is kept between two runs. */
export function rolloutKey(unit: string): string {
  return `rollout/${unit}`;
}

/** Where the points of its chart are. */
export function progressKey(unit: string): string {
  return `progress/${unit}`;
}

/** Everyone whom the unit owns is decided for in this pass; the next one counts on it. */
export function recount(pass: Pass, unit: Unit): void {
  for (const { agent } of agentsOf(pass.deps.world, unit)) pass.touched.add(agent.uid);
  pass.recounted.set(unit, unit.state.version);
}

function releaseWaiting(pass: Pass, unit: Unit): void {
  if (unit.waiting.size === 0) return;
  const { counts } = unit;
  let free = freeSlots(computeCapacity(unit.state, unit.policy, counts), counts);
  for (const uid of unit.waiting) {
    if (free <= 0) return;
    free -= 1;
    pass.touched.add(uid);
  }
}

/** Agents on their way back are asked again in time, and given up in time, though their reports say nothing new. */
function retryReturning(pass: Pass): void {
  const { world } = pass.deps;
  for (const { returning } of world.rollouts.units()) for (const uid of returning) pass.touched.add(uid);
}

function afterOf({ deps: { world } }: Pass, unit: Unit) {
  const config = configOf(world, unit);
  const units = (config?.after ?? []).map((name) => {
    const other = world.rollouts.of(unit.tenant, name);
    const counters =
      other && other.counted === other.state.version ? other.tally.counters(other.counted) : undefined;
    return { name, state: other?.state, counters };
  });
  return afterStandingOf(units);
}

function inputsOf({ deps: { world } }: Pass, unit: Unit, starting: boolean): AdvanceInputs {
  const tenant = world.inForce.get(unit.tenant);
  const config = configOf(world, unit);
  const approved = (tenant?.snapshot.fleet.approve ?? []).flatMap((entry) => {
    const [prefix = '', step] = entry.split('/', 2);
    const isOurs = step !== undefined && prefix.length >= 7 && unit.state.target.source.startsWith(prefix);
    return isOurs ? [step] : [];
  });
  return {
    gate: unit.gate,
    isHeld: world.stopped !== undefined || config?.paused === true,
    after: unit.after,
    approved: new Set(approved),
    starting,
  };
}
