import { setTimeout as sleep } from 'node:timers/promises';
import { createSilentLogger, createSystemClock } from '../../runtime/index.ts';
import {
  createChurn,
  createSimulatedFleet,
  createTally,
  inventUid,
  planAgents,
} from '../../simulator/index.ts';
import type { Console } from '../console.ts';
import { createProgress } from './progress.ts';
import type { Simulation } from './simulate-options.ts';
import { describeProgress, type SimulationResult } from './simulation-result.ts';

const tickMs = 250;
const base = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };

/** Runs the agents until the time is over, they have converged where that is asked for, or the process is to end. */
export async function runSimulation(simulation: Simulation, console: Console): Promise<SimulationResult> {
  const {
    plan,
    churn: churnOptions,
    rampMs,
    endsAfterMs = Number.POSITIVE_INFINITY,
    untilConverged,
  } = simulation;
  const tally = createTally(base.clock);
  const agent = planAgents(plan, () => inventUid(base));
  const startedAt = base.clock.now();
  const begun = base.clock.monotonic();
  const elapsed = () => base.clock.monotonic() - begun;
  const fleet = createSimulatedFleet(
    { count: plan.count, rampMs, agent },
    { ...base, observe: tally.observe },
  );
  const churn = createChurn(churnOptions, fleet, base.clock);
  const progress = createProgress(console);
  let converged = false;
  let convergedAt: number | null = null;
  for (let isOver = false; !isOver; ) {
    progress.show(elapsed(), () => describeProgress(fleet.counts()));
    const wait = Math.max(0, Math.min(tickMs, endsAfterMs - elapsed()));
    isOver = await sleep(wait, false, { signal: console.signal }).catch(() => true);
    converged = fleet.isConverged();
    // The last thing that happened is what made it so, not this look at it.
    if (converged) convergedAt = Math.max(startedAt, tally.changedAt());
    isOver ||= elapsed() >= endsAfterMs || (untilConverged && converged);
  }
  progress.end();
  const result: SimulationResult = {
    ...{ server: plan.webSocketUrl, agents: plan.count, seconds: toSeconds(elapsed()) },
    ...{ ...fleet.counts(), ...tally.counts(), ...churn.counts(), converged },
    convergedAt: convergedAt === null ? null : new Date(convergedAt).toISOString(),
    convergedAfterSeconds: convergedAt === null ? null : toSeconds(convergedAt - startedAt),
  };
  churn.stop();
  fleet.stop();
  return result;
}

function toSeconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
