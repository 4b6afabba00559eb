import type { RolloutState } from '../../../src/model/index.ts';
import {
  abortRollout,
  approveStep,
  pauseRollout,
  pinRollout,
  resumeRollout,
  retryRollout,
  supersede,
  unpinRollout,
} from '../../../src/rollout/index.ts';
import fc from '../../support/property.ts';
import { checkCounters, checkMove } from './invariants.ts';
import {
  addAgent,
  forget,
  lead,
  minute,
  reconnect,
  recountAll,
  report,
  type SimAgent,
  type SimFleet,
  type SimSpec,
  second,
  serveAll,
  silence,
  targetOf,
  totals,
  work,
} from './sim-fleet.ts';

const kinds = [
  'report',
  'report',
  'report',
  'work',
  'work',
  'work',
  'tick',
  'tick',
  'tick',
  'lead',
  'lead',
  'lead',
  'recount',
  'recount',
  'serve',
  'serve',
  'round',
  'round',
  'round',
  'silence',
  'reconnect',
  'goodbye',
  'replace',
  'newcomer',
  'relabel',
  'flap',
  'commit',
  'revert',
  'same',
  'gain',
  'pause',
  'resume',
  'abort',
  'pin',
  'unpin',
  'retry',
  'stop',
  'start',
  'restart',
  'approve',
  'freeze',
  'after',
] as const;

export interface SimEvent {
  readonly kind: (typeof kinds)[number];
  readonly who: number;
  readonly how: number;
}

export const anyEvents: fc.Arbitrary<readonly SimEvent[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...kinds), who: fc.nat(1_000), how: fc.nat(1_000) }),
  { minLength: 20, maxLength: 140 },
);

const steps = [second, 30 * second, 2 * minute, 10 * minute];

/** Lets one event happen, and checks what must hold of it. */
export function happen(sim: SimFleet, { kind, who, how }: SimEvent, spare: SimSpec): void {
  const agent = sim.agents[who % Math.max(1, sim.agents.length)];
  switch (kind) {
    case 'tick':
      tick(sim, steps[how % steps.length] ?? second);
      return;
    case 'lead':
      leadOnce(sim);
      return;
    case 'recount':
      recountAll(sim);
      return;
    case 'serve':
      serveAll(sim);
      return;
    case 'round':
      round(sim, false);
      return;
    case 'newcomer':
      if (sim.agents.length < 14)
        report(sim, addAgent(sim, { ...spare, ring: how % 2 ? 'canary' : 'prod' }, ''));
      return;
    case 'restart':
      sim.state = JSON.parse(JSON.stringify(sim.state)) as RolloutState;
      recountAll(sim);
      return;
    case 'stop':
    case 'start':
      sim.stop = kind === 'stop';
      sim.inputs = { ...sim.inputs, isHeld: sim.stop };
      return;
    case 'freeze': {
      const freeze = { from: sim.now + minute, to: sim.now + (1 + (how % 30)) * minute, reason: 'launch' };
      sim.inputs = { ...sim.inputs, gate: { windows: [], freezes: [freeze] } };
      return;
    }
    case 'after': {
      const standing = (['passed', 'running', 'failed'] as const)[how % 3] ?? 'passed';
      const after = standing === 'passed' ? { kind: standing } : { kind: standing, unit: 'gateway' };
      sim.inputs = { ...sim.inputs, after };
      return;
    }
    case 'report':
    case 'work':
    case 'silence':
    case 'reconnect':
    case 'goodbye':
    case 'replace':
    case 'relabel':
    case 'flap':
      if (agent) concern(sim, agent, kind, how);
      return;
    default:
      command(sim, kind, how);
      return;
  }
}

function concern(sim: SimFleet, agent: SimAgent, kind: SimEvent['kind'], how: number): void {
  switch (kind) {
    case 'report':
      report(sim, agent);
      return;
    case 'work':
      work(sim, agent);
      return;
    case 'silence':
      silence(sim, agent);
      return;
    case 'reconnect':
      reconnect(sim, agent, how % 3 === 0);
      return;
    case 'goodbye':
      report(sim, agent, true);
      silenceQuietly(agent);
      return;
    case 'replace':
      report(sim, agent, true);
      silenceQuietly(agent);
      if (how % 2 === 0) forget(sim, agent);
      report(sim, addAgent(sim, agent.spec, ''));
      return;
    case 'relabel':
      agent.spec = { ...agent.spec, ring: agent.spec.ring === 'prod' ? 'canary' : 'prod' };
      agent.fresh = true;
      report(sim, agent);
      return;
    default:
      if (agent.spec.behaviour === 'flapping') agent.healthy = !agent.healthy;
      report(sim, agent);
      return;
  }
}

function silenceQuietly(agent: SimAgent): void {
  agent.up = false;
  agent.inbox = undefined;
}

function command(sim: SimFleet, kind: SimEvent['kind'], how: number): void {
  const act = { by: 'op', reason: 'drill', at: sim.now, ...(how % 2 && { until: sim.now + 20 * minute }) };
  const { state, policy, now } = sim;
  const commit = (key: string, gainsAgents: boolean) =>
    supersede(state, { target: targetOf(key), gainsAgents }, policy, now);
  const next = (): RolloutState | undefined => {
    switch (kind) {
      case 'commit':
        return commit(`${how % 2 ? 'b' : 'a'}${1 + (how % 5)}`, false);
      case 'revert':
        return state.lastGood && commit(state.lastGood.key, false);
      case 'same':
        return commit(state.target.key, false);
      case 'gain':
        return commit(state.target.key, true);
      case 'pause':
        return pauseRollout(state, act);
      case 'resume':
        return resumeRollout(state, sim.tally.counts().failed, now);
      case 'abort':
        return abortRollout(state, act, now);
      case 'pin':
        return pinRollout(state, how % 2 ? 'last-good' : 'previous', act);
      case 'unpin':
        return unpinRollout(state, policy, now);
      case 'approve':
        return approveStep(state, `s${state.step + 1}`);
      case 'retry':
        return retryRollout(state, policy, now);
      default:
        return undefined;
    }
  };
  sim.state = next() ?? state;
}

/** Time passes; pollers are found silent after three intervals, and everyone in flight is looked at. */
export function tick(sim: SimFleet, ms: number): void {
  sim.now += ms;
  for (const agent of sim.agents) {
    const { known } = agent;
    if (
      known?.transport === 'http' &&
      known.connected &&
      !agent.up &&
      sim.now - known.lastSeenAt >= 90 * second
    )
      agent.known = { ...known, connected: false, disconnectedAt: sim.now };
  }
  serveAll(sim);
}

export function leadOnce(sim: SimFleet): void {
  checkCounters(sim);
  const before = sim.state;
  const counters = totals(sim);
  checkMove(before, counters, sim, lead(sim));
}

/** One full turn: everybody works and reports, the rollout moves, and everybody is served. */
export function round(sim: SimFleet, force: boolean): void {
  for (const agent of [...sim.agents]) {
    work(sim, agent, force);
    report(sim, agent);
  }
  leadOnce(sim);
  recountAll(sim);
  serveAll(sim);
}
