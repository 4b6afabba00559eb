/** Deliveries seen of late, so that none is acted on twice. */
export interface DeliveryLog {
  /** Whether none of the names was seen in the last hour; from then on all of them are. `now` in milliseconds. */
  add(names: readonly string[], now: number): boolean;
}

const maxAgeMs = 3_600_000;

/** A log of at most `maxNames` names, each kept for an hour; the oldest go first. */
export function createDeliveryLog(maxNames = 4_000): DeliveryLog {
  const seenAt = new Map<string, number>();
  const forget = (now: number) => {
    for (const [name, at] of seenAt) {
      if (seenAt.size <= maxNames && now - at < maxAgeMs) return;
      seenAt.delete(name);
    }
  };
  return {
    add(names, now) {
      forget(now);
      if (names.some((name) => seenAt.has(name))) return false;
      for (const name of names) seenAt.set(name, now);
      forget(now);
      return true;
    },
  };
}
