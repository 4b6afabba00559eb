/** Counts writes over the last hour. Times are milliseconds on one monotonic clock. */
export interface WriteBudget {
  record(at: number): void;
  /** The earliest time at which another write may go; the last fifth is kept for urgent ones. */
  readyAt(urgent: boolean): number;
}

const hourMs = 3_600_000;

/** A budget of `perHour` writes in any hour, none closer than `minIntervalMs` to the one before. */
export function createWriteBudget(perHour: number, minIntervalMs: number): WriteBudget {
  const times: number[] = [];
  return {
    record(at) {
      times.push(at);
      if (times.length > perHour) times.shift();
    },
    readyAt(urgent) {
      const last = times.at(-1);
      if (last === undefined) return 0;
      const allowed = urgent ? perHour : Math.max(1, Math.floor(perHour * 0.8));
      const oldest = times.at(-allowed);
      return Math.max(last + minIntervalMs, oldest === undefined ? 0 : oldest + hourMs);
    },
  };
}
