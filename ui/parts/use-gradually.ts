import { useEffect, useState } from 'preact/hooks';

const perFrame = 100;

/** How many of many parts to draw, which have so many rows: some at once, more each frame, so that nobody waits for what is not seen yet. */
export function useGradually(sizes: readonly number[]): number {
  const [most, setMost] = useState(perFrame);
  let count = 0;
  for (let rows = 0; count < sizes.length; count += 1) {
    rows += sizes[count] ?? 0;
    if (count > 0 && rows > most) break;
  }
  const isWhole = count === sizes.length;
  useEffect(() => {
    if (isWhole) return undefined;
    const asked = requestAnimationFrame(() => setMost(most + perFrame));
    return () => cancelAnimationFrame(asked);
  }, [isWhole, most]);
  return count;
}
