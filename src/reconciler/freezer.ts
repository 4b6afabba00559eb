import type { InstanceUid } from '../model/index.ts';

/** Agents whose labels and config chase each other: each is left alone for a while, longer with every relapse. */
export interface Freezer {
  /** Until when the agent is left as it is, in milliseconds since the epoch; undefined where it is not. */
  frozenUntil(uid: InstanceUid, now: number): number | undefined;
  /** Leaves the agent alone from now on; returns until when. */
  freeze(uid: InstanceUid, now: number): number;
  forget(uid: InstanceUid): void;
  /** Those whose time is over since the last call, to be decided for again. */
  thaw(now: number): readonly InstanceUid[];
  readonly size: number;
}

interface Frozen {
  readonly until: number;
  readonly times: number;
  readonly thawed: boolean;
}

const firstMs = 600_000;
const longestMs = 24 * 3_600_000;
const maxFrozen = 50_000;

/** Nobody is frozen. */
export function createFreezer(): Freezer {
  const all = new Map<InstanceUid, Frozen>();
  return {
    frozenUntil(uid, now) {
      const frozen = all.get(uid);
      return frozen && now < frozen.until ? frozen.until : undefined;
    },
    freeze(uid, now) {
      const times = (all.get(uid)?.times ?? 0) + 1;
      const until = now + Math.min(longestMs, firstMs * 2 ** (times - 1));
      all.delete(uid);
      all.set(uid, { until, times, thawed: false });
      if (all.size > maxFrozen) all.delete(all.keys().next().value as InstanceUid);
      return until;
    },
    forget: (uid) => void all.delete(uid),
    thaw(now) {
      const over: InstanceUid[] = [];
      for (const [uid, frozen] of all) {
        // Whoever kept still for a day starts anew.
        if (now >= frozen.until + longestMs) all.delete(uid);
        if (now < frozen.until || frozen.thawed) continue;
        over.push(uid);
        if (all.has(uid)) all.set(uid, { ...frozen, thawed: true });
      }
      return over;
    },
    get size() {
      return all.size;
    },
  };
}
