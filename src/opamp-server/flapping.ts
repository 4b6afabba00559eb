import { createLruMap, type InstanceUid } from '../model/index.ts';
import type { Session } from './ports.ts';

/** How often one key may come, and what one that comes more often is told; milliseconds. */
export interface FlappingOptions {
  readonly maxPerMinute: number;
  readonly maxKeys: number;
  readonly retryAfterMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Keeps off who connects again and again. */
export interface Flapping {
  /** Seconds that the key has still to stay away; counts nothing. */
  refusedFor(key: string, now: number): number;
  /** Counts one arrival; returns the seconds to stay away, 0 where it is welcome. */
  arrive(key: string, now: number): number;
}

interface Record {
  arrivals: number;
  since: number;
  /** Refusals in a row: each doubles what the next one says. */
  refusals: number;
  refusedUntil: number;
}

const windowMs = 60_000;
const longestMs = 600_000;

/**
 * Counts arrivals by key within a minute. A key past the limit is refused for longer each time, with jitter, and is
 * forgotten once it has stayed away for a minute longer than it was told to; of more than `maxKeys` the one that was not
 * heard of for longest goes first.
 */
export function createFlapping({ maxPerMinute, maxKeys, retryAfterMs, random }: FlappingOptions): Flapping {
  const records = createLruMap<string, Record>(maxKeys);

  function recordOf(key: string, now: number): Record {
    const known = records.get(key);
    if (known && now - Math.max(known.since, known.refusedUntil) <= windowMs) return known;
    const fresh = { arrivals: 0, since: now, refusals: 0, refusedUntil: 0 };
    records.set(key, fresh);
    return fresh;
  }

  return {
    refusedFor: (key, now) => secondsUntil(records.get(key)?.refusedUntil ?? 0, now),
    arrive(key, now) {
      const record = recordOf(key, now);
      if (now < record.refusedUntil) return secondsUntil(record.refusedUntil, now);
      if (now - record.since > windowMs) Object.assign(record, { arrivals: 0, since: now });
      record.arrivals += 1;
      if (record.arrivals <= maxPerMinute) return 0;
      const stayAwayMs = Math.min(longestMs, retryAfterMs * 2 ** record.refusals) * (1 + random());
      Object.assign(record, { arrivals: 0, refusals: record.refusals + 1, refusedUntil: now + stayAwayMs });
      return secondsUntil(record.refusedUntil, now);
    },
  };
}

/** What an agent's arrivals are counted by: nobody else can keep it away by claiming its uid from elsewhere. */
export function arrivalKey(
  { tenant, remoteAddress }: Pick<Session, 'tenant' | 'remoteAddress'>,
  uid: InstanceUid,
): string {
  return `${tenant} ${remoteAddress} ${uid}`;
}

function secondsUntil(time: number, now: number): number {
  return Math.max(0, Math.ceil((time - now) / 1000));
}
