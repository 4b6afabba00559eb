import type { Cancel } from '../runtime/index.ts';
import type { SimulatedAgentOptions } from './agent-options.ts';
import { createRunningConfigs } from './running-config.ts';
import { createSimulatedAgent, type SimulatedAgent, type SimulatedAgentDeps } from './simulated-agent.ts';

export interface SimulatedFleetOptions {
  /** How many agents. */
  readonly count: number;
  /** Time over which they start, evenly, in milliseconds; default 0. */
  readonly rampMs?: number;
  /** What agent number `index`, from 0, is like; `generation` says how many it has replaced. */
  readonly agent: (index: number, generation: number) => SimulatedAgentOptions;
}

/** Agents by where they stand. */
export interface SimulatedFleetCounts {
  readonly started: number;
  readonly connected: number;
  readonly applied: number;
  readonly failed: number;
  readonly healthy: number;
  /** Have answered their last offer, so far as their behaviour lets them. */
  readonly settled: number;
}

export interface SimulatedFleet {
  /** Those that have started, in order. */
  agents(): readonly SimulatedAgent[];
  counts(): SimulatedFleetCounts;
  /** All have started, are connected and have answered an offer, so far as their behaviour lets them. */
  isConverged(): boolean;
  /** Agent number `index` says goodbye, and one with a uid of its own takes its place; nothing where it has not started. */
  replace(index: number): void;
  /** Stops all of them, and those that have not started will not. */
  stop(options?: { readonly abrupt?: boolean }): void;
}

const rampTickMs = 50;

function countStates(agents: readonly SimulatedAgent[]): SimulatedFleetCounts {
  const states = agents.map((agent) => agent.state());
  return {
    started: agents.length,
    connected: states.filter((state) => state.connected).length,
    applied: states.filter((state) => state.status === 'applied').length,
    failed: states.filter((state) => state.status === 'failed').length,
    healthy: states.filter((state) => state.healthy).length,
    settled: states.filter((state) => state.settled).length,
  };
}

/** Many simulated agents in one process, started over a ramp. */
export function createSimulatedFleet(
  options: SimulatedFleetOptions,
  deps: SimulatedAgentDeps,
): SimulatedFleet {
  const agents: SimulatedAgent[] = [];
  const generations: number[] = [];
  const { count, rampMs = 0 } = options;
  const agentDeps = { ...deps, runningConfig: createRunningConfigs() };
  const begun = deps.clock.monotonic();
  let cancel: Cancel | undefined;
  function start(index: number, generation: number): void {
    generations[index] = generation;
    agents[index] = createSimulatedAgent(options.agent(index, generation), agentDeps);
  }
  function startDue(): void {
    const elapsed = deps.clock.monotonic() - begun;
    const due = rampMs === 0 ? count : Math.min(count, Math.ceil((count * elapsed) / rampMs));
    while (agents.length < due) start(agents.length, 0);
    cancel = agents.length < count ? deps.clock.after(rampTickMs, startDue) : undefined;
  }
  startDue();
  return {
    agents: () => agents,
    counts: () => countStates(agents),
    isConverged() {
      const { connected, settled } = countStates(agents);
      return connected === count && settled === count;
    },
    replace(index) {
      const generation = generations[index];
      if (generation === undefined) return;
      agents[index]?.stop();
      start(index, generation + 1);
    },
    stop(how) {
      cancel?.();
      for (const agent of agents) agent.stop(how);
    },
  };
}
