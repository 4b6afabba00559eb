import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../src/runtime/index.ts';
import { createTally } from '../../../src/simulator/index.ts';
import { createLatencies } from '../../../src/simulator/latencies.ts';

describe('latencies', () => {
  it('are right to five per cent, the longest exactly', () => {
    const latencies = createLatencies();
    for (let ms = 1; ms <= 1_000; ms += 1) latencies.add(ms);
    const { count, p50, p99, max } = latencies.summary();
    expect([count, max]).toEqual([1_000, 1_000]);
    expect(Math.abs((p50 ?? 0) / 500 - 1)).toBeLessThan(0.05);
    expect(Math.abs((p99 ?? 0) / 990 - 1)).toBeLessThan(0.05);
  });

  it('take nothing, no time and hours', () => {
    const latencies = createLatencies();
    expect(latencies.summary()).toEqual({ count: 0, p50: null, p99: null, max: null });
    latencies.add(0);
    latencies.add(7_200_000);
    expect(latencies.summary()).toMatchObject({ count: 2, max: 7_200_000 });
  });
});

describe('a tally', () => {
  it('counts what happened and knows when something last changed', () => {
    const clock = createManualClock();
    const tally = createTally(clock);
    clock.advance(5);
    tally.observe({ kind: 'connected', ms: 3 });
    tally.observe({ kind: 'offered' });
    tally.observe({ kind: 'answered', state: 'applied' });
    tally.observe({ kind: 'answered', state: 'failed' });
    const changedAt = clock.now();
    clock.advance(5);
    tally.observe({ kind: 'replied', ms: 1 });
    tally.observe({ kind: 'retried', reason: 'refused with 503' });
    expect(tally.changedAt()).toBe(changedAt);
    expect(tally.counts()).toMatchObject({ connections: 1, offers: 1, acks: 1, failures: 1, retries: 1 });
    expect(tally.counts()).toMatchObject({ connectMs: { max: 3 }, replyMs: { max: 1 } });
  });

  it('tells causes apart without addresses, twenty at most', () => {
    const tally = createTally(createManualClock());
    const refused = (port: number) => `connect ECONNREFUSED 127.0.0.1:4320 - Local (127.0.0.2:${port})`;
    for (let port = 1; port <= 5; port += 1) tally.observe({ kind: 'retried', reason: refused(port) });
    expect(tally.counts().retryReasons).toEqual({ 'connect ECONNREFUSED': 5 });
    for (let code = 100; code < 130; code += 1)
      tally.observe({ kind: 'retried', reason: `refused with ${code}` });
    const { retries, retryReasons } = tally.counts();
    expect(Object.keys(retryReasons)).toHaveLength(20);
    expect(retryReasons.other).toBe(12);
    expect(retries).toBe(35);
  });
});
