import { createManualClock } from '../../src/runtime/index.ts';

/** A clock that can be moved by hours while real requests come and go in between. */
export interface TimeTravel {
  readonly clock: ReturnType<typeof createManualClock>;
  /** Give it to whatever talks to a stand-in: time does not move while a request is under way. */
  readonly fetch: typeof fetch;
  /** Moves the clock by `ms` in steps of `stepMs`, letting all work that becomes due run to its end. */
  travel(ms: number, stepMs?: number): Promise<void>;
  /** Resolves once no request is under way and nothing more happens without the clock. */
  quiet(): Promise<void>;
}

/** Turns of the event loop without a request after which nothing more is expected. */
const quietTurns = 8;

export function createTimeTravel(): TimeTravel {
  const clock = createManualClock();
  let underWay = 0;
  const quiet = async () => {
    for (let turns = 0; turns < quietTurns; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (underWay > 0) turns = 0;
    }
  };
  return {
    clock,
    fetch: async (input, init) => {
      underWay += 1;
      try {
        const response = await fetch(input, init);
        const body = await response.arrayBuffer();
        const { status, headers } = response;
        return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
      } finally {
        underWay -= 1;
      }
    },
    async travel(ms, stepMs = 1_000) {
      await quiet();
      for (let moved = 0; moved < ms; moved += stepMs) {
        clock.advance(Math.min(stepMs, ms - moved));
        await quiet();
      }
    },
    quiet,
  };
}
