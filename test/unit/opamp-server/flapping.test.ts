import { describe, expect, it } from 'vitest';
import { createAllowance } from '../../../src/opamp-server/allowance.ts';
import { createFlapping } from '../../../src/opamp-server/flapping.ts';

function createKeeper(maxKeys = 100) {
  return createFlapping({ maxPerMinute: 2, maxKeys, retryAfterMs: 10_000, random: () => 0 });
}

describe('flapping', () => {
  it('welcomes those who come no more often than they may', () => {
    const flapping = createKeeper();
    for (let minute = 0; minute < 10; minute += 1) {
      expect(flapping.arrive('a', minute * 61_000)).toBe(0);
      expect(flapping.arrive('a', minute * 61_000 + 1)).toBe(0);
    }
  });

  it('doubles what it tells one that goes on, and has a longest time', () => {
    const flapping = createKeeper();
    let now = 0;
    const told: number[] = [];
    while (told.length < 9) {
      const seconds = flapping.arrive('a', now);
      if (seconds > 0) told.push(seconds);
      now += seconds * 1000;
    }
    expect(told).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  it('counts nothing while it refuses, and keeps others out of it', () => {
    const flapping = createKeeper();
    for (let count = 0; count < 3; count += 1) flapping.arrive('a', 0);
    expect(flapping.refusedFor('a', 4_000)).toBe(6);
    expect(flapping.arrive('a', 4_000)).toBe(6);
    expect(flapping.arrive('b', 4_000)).toBe(0);
    expect(flapping.refusedFor('a', 10_000)).toBe(0);
  });

  it('forgets the oldest key when it holds as many as it may', () => {
    const flapping = createKeeper(2);
    for (let count = 0; count < 3; count += 1) flapping.arrive('a', 0);
    flapping.arrive('b', 0);
    flapping.arrive('c', 0);
    expect(flapping.refusedFor('a', 0)).toBe(0);
  });
});

describe('an allowance', () => {
  const quota = () => ({ messagesPerSecond: 10, bytesPerSecond: 1_000 });

  it("holds ten seconds' worth, and says how long a debt takes", () => {
    const allowance = createAllowance(quota, 0);
    for (let count = 0; count < 100; count += 1) allowance.take(0, 0);
    expect(allowance.debt(0)).toBe(0);
    allowance.take(0, 0);
    expect(allowance.debt(0)).toBe(100);
    expect(allowance.debt(100)).toBe(0);
  });

  it('lets one message of any size through, and then waits for its bytes', () => {
    const allowance = createAllowance(quota, 0);
    allowance.take(25_000, 0);
    expect(allowance.debt(0)).toBe(15_000);
    expect(allowance.debt(15_000)).toBe(0);
  });

  it('follows a quota that grows', () => {
    let messagesPerSecond = 1;
    const allowance = createAllowance(() => ({ messagesPerSecond, bytesPerSecond: 1e9 }), 0);
    for (let count = 0; count < 20; count += 1) allowance.take(0, 0);
    expect(allowance.debt(0)).toBe(10_000);
    messagesPerSecond = 100;
    expect(allowance.debt(100)).toBe(0);
  });
});
