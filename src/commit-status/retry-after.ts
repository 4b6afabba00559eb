/** Longest wait that a host can impose on us, in milliseconds. */
const maxWaitMs = 6 * 3_600_000;

/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds or as a date, else the reset time of a spent
 * rate limit; undefined where it asks nothing. Dates count from the answer's own `Date`, so that a wrong clock here
 * does no harm; `now` (milliseconds since the epoch) is used without one.
 */
export function parseRetryAfter(headers: Headers, now: number): number | undefined {
  const sent = Date.parse(headers.get('date') ?? '');
  const base = Number.isNaN(sent) ? now : sent;
  const asked = headers.get('retry-after')?.trim();
  if (asked && /^\d{1,9}$/.test(asked)) return clamp(Number(asked) * 1000);
  if (asked && !Number.isNaN(Date.parse(asked))) return clamp(Date.parse(asked) - base);
  const reset = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset');
  if (isSpent(headers) && reset && /^\d{1,12}$/.test(reset)) return clamp(Number(reset) * 1000 - base);
  return undefined;
}

/** Whether the answer says that nothing is left of a rate limit. */
export function isSpent(headers: Headers): boolean {
  return headers.get('x-ratelimit-remaining') === '0' || headers.get('ratelimit-remaining') === '0';
}

function clamp(ms: number): number {
  return Math.min(maxWaitMs, Math.max(0, ms));
}
