/** The value below which the share `q` (0 to 1) of `values` lies; NaN for none. */
export function quantile(values, q) {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);

/** Milliseconds since the epoch with fractions: comparable between processes of one machine. */
export const now = () => performance.timeOrigin + performance.now();

/** Lets timers that were late because of a measurement run, before the next one begins. */
export const calmDown = () => new Promise((resolve) => setTimeout(resolve, 100));
