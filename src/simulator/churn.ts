import type { Cancel, Clock } from '../runtime/index.ts';
import type { SimulatedFleet } from './simulated-fleet.ts';

/** What keeps a fleet from being still; times in milliseconds. */
export interface ChurnOptions {
  /** Every so often all agents lose their connection at once. */
  readonly stormEveryMs?: number;
  /** Every so often one agent is replaced, in turn, as pods are. */
  readonly replaceEveryMs?: number;
}

export interface Churn {
  counts(): { readonly storms: number; readonly replaced: number };
  stop(): void;
}

/** Drops and replaces agents of a fleet until it is stopped. */
export function createChurn(options: ChurnOptions, fleet: SimulatedFleet, clock: Clock): Churn {
  const cancels: Cancel[] = [];
  let storms = 0;
  let replaced = 0;
  /** Calls late make up for themselves, so that the rate holds when the process is busy. */
  function repeat(slot: number, everyMs: number | undefined, act: () => void): void {
    if (everyMs === undefined) return;
    let next = clock.monotonic() + everyMs;
    const tick = () => {
      act();
      next += everyMs;
      cancels[slot] = clock.after(Math.max(0, next - clock.monotonic()), tick);
    };
    cancels[slot] = clock.after(everyMs, tick);
  }
  repeat(0, options.stormEveryMs, () => {
    storms += 1;
    for (const agent of fleet.agents()) agent.drop();
  });
  repeat(1, options.replaceEveryMs, () => {
    const { length } = fleet.agents();
    if (length === 0) return;
    fleet.replace(replaced % length);
    replaced += 1;
  });
  return {
    counts: () => ({ storms, replaced }),
    stop() {
      for (const cancel of cancels) cancel?.();
    },
  };
}
