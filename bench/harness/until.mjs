/** Runs `probe` until it is true, for a minute at most unless told otherwise. */
export async function until(what, probe, limitMs = 60_000) {
  const deadline = performance.now() + limitMs;
  for (;;) {
    if (await probe()) return;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${limitMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
