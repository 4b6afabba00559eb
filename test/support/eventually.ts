/** Resolves with `probe`'s value once it neither throws nor returns false or undefined; rejects with its last failure. */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  timeoutMs = 10_000,
  everyMs = 15,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let failure: unknown = new Error('condition never held');
  for (;;) {
    try {
      const value = await probe();
      if (value !== false && value !== undefined && value !== null) return value;
      failure = new Error(`condition never held; last value ${String(value)}`);
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw failure;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Resolves once `assertion` no longer throws; rejects with its last failure. */
export async function eventuallyHolds(
  assertion: () => void | Promise<void>,
  timeoutMs = 10_000,
  everyMs = 15,
): Promise<void> {
  await eventually(
    async () => {
      await assertion();
      return true;
    },
    timeoutMs,
    everyMs,
  );
}
