/** How much may come in; both may be passed for a moment, by what ten seconds' worth allow. */
export interface Quota {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
}

/** What is left of a quota. It is drawn on by what has come already, so that it can be in debt. */
export interface Allowance {
  /** Takes one message of so many bytes. */
  take(bytes: number, now: number): void;
  /** Milliseconds until the debt is paid; 0 where there is none. */
  debt(now: number): number;
}

const burstSeconds = 10;
/** How often the quota is asked for: it may grow with the number of agents. */
const refreshEveryMs = 1_000;

/** An allowance that refills at the rate that `quota` says; times in milliseconds on a monotonic clock. */
export function createAllowance(quota: () => Quota, now: number): Allowance {
  let rate = quota();
  let messages = rate.messagesPerSecond * burstSeconds;
  let bytes = rate.bytesPerSecond * burstSeconds;
  let filledAt = now;

  function refill(at: number): void {
    const seconds = (at - filledAt) / 1000;
    if (seconds * 1000 < refreshEveryMs && messages > 0 && bytes > 0) return;
    rate = quota();
    messages = Math.min(rate.messagesPerSecond * burstSeconds, messages + seconds * rate.messagesPerSecond);
    bytes = Math.min(rate.bytesPerSecond * burstSeconds, bytes + seconds * rate.bytesPerSecond);
    filledAt = at;
  }

  return {
    take(size, at) {
      refill(at);
      messages -= 1;
      bytes -= size;
    },
    debt(at) {
      if (messages >= 0 && bytes >= 0) return 0;
      refill(at);
      const wait = Math.max(-messages / rate.messagesPerSecond, -bytes / rate.bytesPerSecond);
      return Math.ceil(Math.max(0, wait) * 1000);
    },
  };
}
