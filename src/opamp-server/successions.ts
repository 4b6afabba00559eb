import { createLruMap, type InstanceUid } from '../model/index.ts';

/** Which uids this server gave to agents in place of another. */
export interface Successions {
  record(from: InstanceUid, to: InstanceUid): void;
  /** Whether `uid` was given to the agent that `from` once was. */
  isHeir(from: InstanceUid, uid: InstanceUid): boolean;
}

/**
 * Remembers at most `limit` new uids, the one that was not asked for for longest forgotten first: an agent that took one
 * speaks under a certificate for its old uid until it gets another (C-CSR-5).
 */
export function createSuccessions(limit: number): Successions {
  const origins = createLruMap<InstanceUid, InstanceUid>(limit);
  return {
    record(from, to) {
      origins.set(to, origins.get(from) ?? from);
    },
    isHeir(from, uid) {
      const origin = origins.get(uid);
      return origin !== undefined && (origin === from || origin === origins.get(from));
    },
  };
}
