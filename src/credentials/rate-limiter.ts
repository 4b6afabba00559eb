import { createLruMap } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import { remoteNetwork } from './remote-network.ts';

export interface RateLimiterDeps {
  readonly clock: Clock;
}

export interface RateLimiterOptions {
  /** Failures that an address has free, and how many it gets back in a minute. */
  readonly perMinute: number;
  /** Networks remembered; the one that was not heard of for longest is forgotten first. */
  readonly maxKeys: number;
}

/** Slows down whoever keeps failing to authenticate. */
export interface RateLimiter {
  /** Seconds, rounded up, until the address may try again; 0 where it may now. */
  blockedFor(address: string): number;
  /** Counts one failed authentication. */
  recordFailure(address: string): void;
}

interface Allowance {
  readonly left: number;
  /** On the monotonic clock, in milliseconds. */
  readonly at: number;
}

/** A token bucket per remote network; an address that never fails costs nothing. */
export function createRateLimiter({ clock }: RateLimiterDeps, options: RateLimiterOptions): RateLimiter {
  const { perMinute, maxKeys } = options;
  const perMs = perMinute / 60_000;
  const allowances = createLruMap<string, Allowance>(maxKeys);

  function leftNow(network: string): number {
    const allowance = allowances.get(network);
    if (!allowance) return perMinute;
    return Math.min(perMinute, allowance.left + (clock.monotonic() - allowance.at) * perMs);
  }

  return {
    blockedFor(address) {
      const missing = 1 - leftNow(remoteNetwork(address));
      return missing > 0 ? Math.ceil(missing / perMs / 1000) : 0;
    },
    recordFailure(address) {
      const network = remoteNetwork(address);
      const left = Math.max(0, leftNow(network) - 1);
      allowances.set(network, { left, at: clock.monotonic() });
    },
  };
}
