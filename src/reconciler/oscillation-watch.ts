import {
  type FlipHistory,
  noFlips,
  type OscillationOptions,
  type RosterEntry,
  recordFlip,
} from '../fleet/index.ts';
import { type Assignment, createLruMap, type FleetEvent, type InstanceUid } from '../model/index.ts';
import type { Logger } from '../runtime/index.ts';
import type { World } from './world.ts';

/** Notices agents whose labels change with the config that they get, and freezes them. */
export interface OscillationWatch {
  /** Takes the assignment that followed the one which the agent had. */
  watch(before: RosterEntry, assignment: Assignment, now: number): void;
  forget(uid: InstanceUid): void;
}

const maxWatched = 10_000;

export function createOscillationWatch(
  options: OscillationOptions,
  { world, logger, onEvent }: WatchDeps,
): OscillationWatch {
  const flips = createLruMap<InstanceUid, FlipHistory>(maxWatched);
  return {
    watch(before, assignment, now) {
      const { uid, tenant } = before.agent;
      if (before.assignment.kind !== 'assigned' || assignment.kind !== 'assigned') return;
      if (before.assignment.renderKey === assignment.renderKey) return;
      if (world.frozen.frozenUntil(uid, now) !== undefined) return;
      const result = world.renderings.get(assignment.renderKey);
      if (result?.kind !== 'rendered') return;
      const { history, oscillates } = recordFlip(flips.get(uid) ?? noFlips, result.config.hash, now, options);
      flips.set(uid, history);
      if (!oscillates) return;
      world.frozen.freeze(uid, now);
      const message =
        'its labels change with its config; offers are held for a while, or until a commit changes its AgentConfig';
      onEvent({ at: now, kind: 'oscillation', tenant, uid, message });
      logger.warn({ uid, tenant }, 'agent oscillates between configs; offers held');
    },
    forget(uid) {
      flips.delete(uid);
    },
  };
}

interface WatchDeps {
  readonly world: World;
  readonly logger: Logger;
  readonly onEvent: (event: FleetEvent) => void;
}
