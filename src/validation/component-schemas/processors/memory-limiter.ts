import { duration, settings, since, uint } from '../shape.ts';

/** Settings of the memory_limiter processor; OC030 judges what it needs. */
export const memoryLimiterProcessor = settings({
  check_interval: duration,
  limit_mib: uint,
  limit_percentage: uint,
  max_gc_interval_when_hard_limited: since(156, duration),
  max_gc_interval_when_soft_limited: since(156, duration),
  min_gc_interval_when_hard_limited: duration,
  min_gc_interval_when_soft_limited: duration,
  spike_limit_mib: uint,
  spike_limit_percentage: uint,
});
