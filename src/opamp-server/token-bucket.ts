/** Refills at `perSecond`, and holds one second's worth; `now` is the monotonic time in milliseconds. */
export function createTokenBucket(perSecond: number, now: () => number): { take(): boolean } {
  let tokens = perSecond;
  let filledAt = now();
  return {
    take() {
      if (perSecond === Number.POSITIVE_INFINITY) return true;
      const at = now();
      tokens = Math.min(perSecond, tokens + ((at - filledAt) / 1000) * perSecond);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
