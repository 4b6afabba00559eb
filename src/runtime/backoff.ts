export interface BackoffOptions {
  /** First delay in milliseconds. */
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor?: number;
  /** Share of the delay that is random, 0 to 1; default 0.5. */
  readonly jitter?: number;
}

/** Milliseconds to wait before attempt number `attempt` (0 = first retry), exponential with jitter; `random` is in [0, 1). */
export function computeBackoff(attempt: number, options: BackoffOptions, random: () => number): number {
  const { initialMs, maxMs, factor = 2, jitter = 0.5 } = options;
  const full = Math.min(maxMs, initialMs * factor ** Math.min(attempt, 30));
  return Math.round(full * (1 - jitter * random()));
}
