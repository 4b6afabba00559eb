/** Cancels a timer; calling it twice is harmless. */
export type Cancel = () => void;

/** Time as the program sees it: injected, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch (wall clock; may jump). */
  now(): number;
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /** Calls `callback` once after `ms`; the timer keeps no process alive. */
  after(ms: number, callback: () => void): Cancel;
}

/** The machine's own clock. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** A clock that starts at `clock`'s wall time and then only runs: jumps of the wall clock move no deadline. */
export function createSteadyClock(clock: Clock): Clock {
  const startedAt = clock.now() - clock.monotonic();
  return { ...clock, now: () => startedAt + clock.monotonic() };
}

interface Pending {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until `advance` moves it; timers fire in order, on time. */
export function createManualClock(
  start = Date.UTC(2026, 0, 1),
): Clock & { advance(ms: number): void; jump(ms: number): void } {
  let wall = start;
  let elapsed = 0;
  const pending = new Set<Pending>();
  return {
    now: () => wall,
    monotonic: () => elapsed,
    after(ms, callback) {
      const entry = { at: elapsed + Math.max(0, ms), callback };
      pending.add(entry);
      return () => void pending.delete(entry);
    },
    advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        let next: Pending | undefined;
        for (const entry of pending) if (entry.at <= end && (!next || entry.at < next.at)) next = entry;
        if (!next) break;
        pending.delete(next);
        wall += Math.max(0, next.at - elapsed);
        elapsed = Math.max(elapsed, next.at);
        next.callback();
      }
      wall += end - elapsed;
      elapsed = end;
    },
    jump(ms) {
      wall += ms;
    },
  };
}
