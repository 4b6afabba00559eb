import type { Clock, Logger } from '../../runtime/index.ts';
import { keepLeadership, type Leadership } from './leadership.ts';
import { createLease, type LeaseOptions } from './lease.ts';
import { standBy } from './stand-by.ts';

export interface CampaignDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the process that is to lead does anything: one that hangs neither takes the lease nor renews it. */
  readonly isAlive?: () => boolean;
  /** Called once, where another process leads. */
  readonly onStandby?: (() => void) | undefined;
  /** Called at each look with where the leader is reached; undefined where nobody leads, or cannot be reached. */
  readonly onLeader?: ((address: string | undefined) => void) | undefined;
  /** Told until when this process leads, on the clock that never jumps, in milliseconds. */
  readonly onValid?: (until: number) => void;
}

export interface CampaignOptions extends LeaseOptions {
  /** For how long the leadership outlives its last renewal, in milliseconds. */
  readonly leaseMs: number;
}

/**
 * Resolves once this process leads all that share a database, and renews its lease from then on. Throws `STORE_CLOSED`
 * where `signal` ends the waiting.
 */
export async function campaign(
  deps: CampaignDeps,
  options: CampaignOptions,
  signal?: AbortSignal,
): Promise<Leadership> {
  const { leaseMs } = options;
  const lease = createLease(options);
  try {
    const { term, takenAt } = await standBy({ ...deps, lease }, { leaseMs, ...(signal && { signal }) });
    return keepLeadership(term, takenAt, { leaseMs, renewMs: leaseMs / 3 }, { ...deps, lease });
  } catch (error) {
    await lease.close().catch(() => undefined);
    throw error;
  }
}
