/** Longer than HTTP keeps a connection for the next request. */
const restMs = 8_000;
const lookEveryMs = 250;
const pause = () => new Promise((resolve) => setTimeout(resolve, lookEveryMs));

/**
 * Handles of each type, the fewest that `look` tells of in 8 s: a timer, a thread's port or a connection that is at work at one
 * look is at rest at another, and one that is left over never is.
 */
export async function handlesAtRest(look, wait = pause) {
  const looks = [];
  for (let waited = 0; waited <= restMs; waited += lookEveryMs) {
    looks.push(await look());
    await wait();
  }
  const types = new Set(looks.flatMap(Object.keys));
  return Object.fromEntries(
    [...types].map((type) => [type, Math.min(...looks.map((one) => one[type] ?? 0))]),
  );
}

/** How many more there are of each type. */
export function leftOver(before, after) {
  const more = Object.entries(after).map(([type, count]) => [type, count - (before[type] ?? 0)]);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}
