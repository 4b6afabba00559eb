import type { Cancel, Clock, Logger } from '../../runtime/index.ts';
import type { Lease } from './lease.ts';

/** Whether this process may decide and write, of all that share a database. */
export interface Leadership {
  readonly term: number;
  /** False from the moment at which another process might lead, by this process's own clock; true again if none did. */
  leads(): boolean;
  /** Resolves once another process leads, or the database is an older one than it was. */
  readonly lost: Promise<void>;
  /** Gives the lease back. */
  resign(): Promise<void>;
}

export interface LeadershipTimes {
  readonly leaseMs: number;
  readonly renewMs: number;
}

export interface LeadershipDeps {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether this process does anything: where it hangs, the lease is left to run out. */
  readonly isAlive?: () => boolean;
  /** Told until when this process leads (monotonic), whenever that changes. */
  readonly onValid?: (until: number) => void;
}

/** After an outage the leader goes on before anybody else may lead. */
const retryMs = 500;

/** Renews a lease that was taken when the clock said `takenAt` (monotonic, before the call), for as long as it can. */
export function keepLeadership(
  term: number,
  takenAt: number,
  { leaseMs, renewMs }: LeadershipTimes,
  { lease, clock, logger, isAlive = () => true, onValid = () => {} }: LeadershipDeps,
): Leadership {
  let validUntil = 0;
  let state: 'held' | 'lost' | 'resigned' = 'held';
  let beat = 0;
  let timer: Cancel | undefined;
  let renewing: Promise<void> = Promise.resolve();
  let resolveLost = () => {};
  const lost = new Promise<void>((resolve) => {
    resolveLost = resolve;
  });

  function holdUntil(until: number): void {
    validUntil = until;
    onValid(until);
  }

  async function renew(): Promise<void> {
    if (!isAlive()) {
      arm(Math.min(renewMs, retryMs));
      return;
    }
    // Counted from before the call: the database counts from later.
    const asked = clock.monotonic();
    try {
      const renewed = await lease.renew(term, beat);
      if (renewed === undefined) {
        await lease.endTerm(term);
        lose();
      } else {
        beat = renewed;
        holdUntil(asked + leaseMs);
      }
      arm(renewMs);
    } catch (error) {
      logger.debug({ code: (error as { code?: unknown }).code }, 'the lease could not be renewed');
      arm(Math.min(renewMs, retryMs));
    }
  }

  function lose(): void {
    if (state !== 'held') return;
    state = 'lost';
    onValid(0);
    logger.warn({ term }, 'another process leads now, or the database was restored from a copy');
    resolveLost();
  }

  function arm(ms: number): void {
    if (state !== 'held') return;
    timer = clock.after(ms, () => {
      renewing = renew();
    });
  }

  holdUntil(takenAt + leaseMs);
  arm(renewMs);
  return {
    term,
    leads: () => state === 'held' && clock.monotonic() < validUntil,
    lost,
    async resign() {
      const held = state === 'held';
      state = 'resigned';
      timer?.();
      await renewing;
      if (held) await lease.release(term).catch(() => undefined);
      await lease.close().catch(() => undefined);
    },
  };
}
