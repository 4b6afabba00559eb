import type { Cancel } from '../runtime/index.ts';
import type { SimulatedAgentOptions } from './agent-options.ts';
import { createSimulatedAgent, type SimulatedAgent, type SimulatedAgentDeps } from './simulated-agent.ts';

export interface SimulatedFleetOptions {
  /** How many agents. */
  readonly count: number;
  /** Time over which they start, evenly, in milliseconds; default 0. */
  readonly rampMs?: number;
  /** What agent number `index`, from 0, is like. */
  readonly agent: (index: number) => SimulatedAgentOptions;
}

/** Agents by where they stand. */
export interface SimulatedFleetCounts {
  readonly started: number;
  readonly connected: number;
  readonly applied: number;
  readonly failed: number;
  readonly healthy: number;
}

export interface SimulatedFleet {
  /** Those that have started, in order. */
  agents(): readonly SimulatedAgent[];
  counts(): SimulatedFleetCounts;
  /** Stops all of them, and those that have not started will not. */
  stop(options?: { readonly abrupt?: boolean }): void;
}

const rampTickMs = 50;

/** Many simulated agents in one process, started over a ramp. */
export function createSimulatedFleet(
  options: SimulatedFleetOptions,
  deps: SimulatedAgentDeps,
): SimulatedFleet {
  const agents: SimulatedAgent[] = [];
  const { count, rampMs = 0 } = options;
  const begun = deps.clock.monotonic();
  let cancel: Cancel | undefined;
  function startDue(): void {
    const elapsed = deps.clock.monotonic() - begun;
    const due = rampMs === 0 ? count : Math.min(count, Math.ceil((count * elapsed) / rampMs));
    while (agents.length < due) agents.push(createSimulatedAgent(options.agent(agents.length), deps));
    cancel = agents.length < count ? deps.clock.after(rampTickMs, startDue) : undefined;
  }
  startDue();
  return {
    agents: () => agents,
    counts() {
      const states = agents.map((agent) => agent.state());
      return {
        started: agents.length,
        connected: states.filter((state) => state.connected).length,
        applied: states.filter((state) => state.status === 'applied').length,
        failed: states.filter((state) => state.status === 'failed').length,
        healthy: states.filter((state) => state.healthy).length,
      };
    },
    stop(how) {
      cancel?.();
      for (const agent of agents) agent.stop(how);
    },
  };
}
