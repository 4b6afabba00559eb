/** How long something took, in milliseconds; null where it never happened. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Durations in little memory: quantiles are right to five per cent, the longest is exact. */
export interface Latencies {
  add(ms: number): void;
  summary(): LatencySummary;
}

const width = Math.log(1.05);
const shortestMs = 0.01;
/** The last bucket begins at about 20 minutes and holds all that is longer. */
const buckets = 380;

const toHundredths = (ms: number) => Math.round(ms * 100) / 100;

/** An empty collection of durations. */
export function createLatencies(): Latencies {
  const counts = new Uint32Array(buckets);
  let count = 0;
  let max = 0;
  function quantile(share: number): number {
    let left = Math.ceil(share * count);
    const bucket = counts.findIndex((held) => {
      left -= held;
      return left <= 0;
    });
    return toHundredths(Math.min(max, shortestMs * Math.exp((bucket + 0.5) * width)));
  }
  return {
    add(ms) {
      const bucket = Math.floor(Math.log(Math.max(ms, shortestMs) / shortestMs) / width);
      counts[Math.min(bucket, buckets - 1)]! += 1;
      count += 1;
      max = Math.max(max, ms);
    },
    summary: () =>
      count === 0
        ? { count, p50: null, p99: null, max: null }
        : { count, p50: quantile(0.5), p99: quantile(0.99), max: toHundredths(max) },
  };
}
