import type { RosterEntry } from '../../fleet/index.ts';
import {
  type AgentState,
  type FleetEvent,
  MusterError,
  type RolloutAct,
  type RolloutPin,
  type RolloutState,
} from '../../model/index.ts';
import {
  abortRollout,
  approveStep,
  finalStep,
  pauseRollout,
  pinRollout,
  resumeRollout,
  retryRollout,
  stepAt,
  unpinRollout,
} from '../../rollout/index.ts';
import type { Act } from '../act.ts';
import type { Memory } from '../ports.ts';
import type { World } from '../world.ts';
import type { Unit } from './rollout-book.ts';
import { type UnitName, unitKey } from './unit-id.ts';

/** What an operator may do to one rollout; `id` is `<tenant>/<config>`, or `<tenant>/package/<name>`. Each throws `NOT_FOUND` where there is none, and `ROLLOUT_MOVED_ON` where it is of another commit than the act names. */
export interface RolloutCommands {
  pause(id: string, act: Act): void;
  /** Ends a pause, and lets a rollout that failed and paused go on. */
  resume(id: string, act: Act): void;
  /** Rolls back what was moved to last good. */
  abort(id: string, act: Act): void;
  /** Begins anew at the first step, with the failures so far forgotten. */
  retry(id: string, act: Act): void;
  /** Approves the step that it waits for. */
  approve(id: string, act: Act): void;
  /** Makes last good, or the one before it, the target at once; throws `NOTHING_TO_PIN` where there is none. */
  pin(id: string, to: RolloutPin['to'], act: Act): void;
  unpin(id: string, act: Act): void;
}

export interface RolloutCommandDeps {
  readonly world: World;
  readonly now: () => number;
  readonly memory: Pick<Memory, 'putFact'>;
  readonly onEvent: (event: FleetEvent) => void;
  readonly request: (reason: string) => void;
  /** A verdict that stands for the commit behind a rollout is opened again. */
  readonly reopen: (unit: UnitName) => void;
}

/** An act ends by itself, so that it is not forgotten. */
const actLastsMs = 24 * 3_600_000;

/** The operator's acts on rollouts; each is remembered, leaves an event, and asks for a pass. */
export function createRolloutCommands(deps: RolloutCommandDeps): RolloutCommands {
  const act = (
    id: string,
    { actor, reason, revision }: Act,
    kind: string,
    change: (unit: Unit, act: RolloutAct, now: number) => RolloutState,
  ) => {
    const unit = deps.world.rollouts.get(id);
    if (!unit) throw notFound(id);
    if (revision !== undefined && !unit.state.target.source.startsWith(revision))
      throw movedOn(unit, revision);
    const now = deps.now();
    const next = change(unit, { by: actor, reason, at: now, until: now + actLastsMs }, now);
    deps.world.rollouts.move(unit, next);
    unit.counted = 0;
    deps.memory.putFact(`rollout/${id}`, unit.state);
    deps.world.rollouts.touch(id);
    const { tenant } = unit;
    const sha = unit.state.target.source;
    deps.onEvent({
      at: now,
      kind: `rollout-${kind}`,
      tenant,
      sha,
      actor,
      message: `${unitKey(unit)}: ${reason}`,
    });
    deps.reopen(unit);
    deps.request(`rollout ${kind}`);
  };
  return {
    pause: (id, by) => act(id, by, 'pause', ({ state }, pause) => pauseRollout(state, pause)),
    resume: (id, by) =>
      act(id, by, 'resume', ({ state, tally }, _, now) =>
        resumeRollout(state, tally.counters(state.version).failed, now),
      ),
    abort: (id, by) =>
      act(id, by, 'abort', ({ state }, abort, now) => abortRollout(state, endless(abort), now)),
    retry: (id, by) =>
      act(id, by, 'retry', (unit, _, now) => {
        forgetOffers(deps.world, unit);
        return retryRollout(unit.state, unit.policy, now);
      }),
    approve: (id, by) => act(id, by, 'approve', (unit) => approveStep(unit.state, awaitedStep(unit))),
    pin: (id, to, by) =>
      act(id, by, 'pin', ({ state }, pin) => {
        const pinned = pinRollout(state, to, pin);
        if (!pinned) throw nothingToPin(id, to);
        return pinned;
      }),
    unpin: (id, by) => act(id, by, 'unpin', ({ state, policy }, _, now) => unpinRollout(state, policy, now)),
  };
}

/** An aborted target is not tried again before a commit or an operator asks for it. */
function endless({ until: _, ...act }: RolloutAct): RolloutAct {
  return act;
}

/** What failed is offered again at once, whatever was sent before. */
function forgetOffers(world: World, unit: Unit): void {
  const { kind, tenant, name } = unit;
  const failing = kind === 'config' ? world.registry.failing(tenant, name) : failingPackages(world, unit);
  for (const entry of [...failing]) {
    const agent = kind === 'config' ? withoutOffer(entry.agent) : withoutPackagesOffer(entry.agent);
    world.registry.put({ ...entry, agent });
  }
}

function* failingPackages({ registry }: World, { tenant, name }: Unit): IterableIterator<RosterEntry> {
  for (const entry of registry.ofPackage(tenant, name))
    if (entry.packages?.delivery === 'failed') yield entry;
}

function withoutOffer(agent: AgentState): AgentState {
  return { ...agent, offered: undefined };
}

function withoutPackagesOffer(agent: AgentState): AgentState {
  if (!agent.packageProgress) return agent;
  const { offered: _, ...packageProgress } = agent.packageProgress;
  return { ...agent, packageProgress };
}

function awaitedStep({ state, policy, id }: Unit): string {
  const next = state.step + 1;
  if (next > finalStep(policy)) {
    throw new MusterError('NOT_FOUND', `rollout ${id} waits for no approval`, {
      disposition: 'stalled',
      hint: 'Look at `muster rollouts`.',
    });
  }
  return stepAt(policy, next).name;
}

function notFound(id: string): MusterError {
  return new MusterError('NOT_FOUND', `no rollout ${id}`, {
    disposition: 'stalled',
    hint: 'List rollouts with `muster rollouts`.',
  });
}

function movedOn({ id, state }: Unit, revision: string): MusterError {
  const at = state.target.source.slice(0, 7);
  return new MusterError(
    'ROLLOUT_MOVED_ON',
    `rollout ${id} is of ${at} by now, not of ${revision.slice(0, 7)}`,
    {
      disposition: 'stalled',
      hint: 'Look at it again, and ask again if that is what you mean.',
    },
  );
}

function nothingToPin(id: string, to: string): MusterError {
  return new MusterError('NOTHING_TO_PIN', `rollout ${id} has no ${to} config`, {
    disposition: 'stalled',
    hint: 'Revert the commit in Git instead.',
  });
}
