import { beforeEach, expect, it } from 'vitest';
import { MusterError } from '../../../../src/model/index.ts';
import { createManualClock, createSilentLogger } from '../../../../src/runtime/index.ts';
import { keepLeadership, type Leadership } from '../../../../src/store/postgres/leadership.ts';
import type { Lease } from '../../../../src/store/postgres/lease.ts';

let clock: ReturnType<typeof createManualClock>;
let renew: (beat: number) => Promise<number | undefined>;
let released: number;
let ended: number;
let isAlive: boolean;
let validUntil: number;
let leadership: Leadership;

beforeEach(() => {
  clock = createManualClock();
  renew = async (beat) => beat + 1;
  released = 0;
  ended = 0;
  isAlive = true;
  const lease: Lease = {
    look: async () => ({ term: 7, holder: 'me', beat: 0, address: '' }),
    take: async () => undefined,
    renew: (_, beat) => renew(beat),
    endTerm: async () => void (ended += 1),
    release: async () => void (released += 1),
    close: async () => undefined,
  };
  const deps = {
    ...{ lease, clock, logger: createSilentLogger() },
    isAlive: () => isAlive,
    onValid: (until: number) => void (validUntil = until),
  };
  leadership = keepLeadership(7, 0, { leaseMs: 6_000, renewMs: 2_000 }, deps);
});

async function pass(ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 100) {
    clock.advance(100);
    await new Promise(setImmediate);
  }
}

const away = () => Promise.reject(new MusterError('STORE_UNAVAILABLE', 'away', { disposition: 'transient' }));

it('leads for as long as it is renewed', async () => {
  await pass(60_000);
  expect(leadership.leads()).toBe(true);
});

it('leads no longer than a lease without a renewal, and again when it succeeds', async () => {
  renew = away;
  await pass(5_900);
  expect(leadership.leads()).toBe(true);
  await pass(100);
  expect(leadership.leads()).toBe(false);
  renew = async (beat) => beat + 1;
  await pass(600);
  expect(leadership.leads()).toBe(true);
});

it('counts from before a renewal was asked for', async () => {
  let answer = (_: number) => {};
  renew = () => new Promise((resolve) => (answer = resolve));
  await pass(5_500);
  answer(1);
  await pass(2_400);
  expect(leadership.leads()).toBe(true);
  await pass(200);
  expect(leadership.leads()).toBe(false);
});

it('names the last beat that it knows of at each renewal', async () => {
  const named: number[] = [];
  renew = async (beat) => {
    named.push(beat);
    return beat + 3;
  };
  await pass(6_000);
  expect(named).toEqual([0, 3, 6]);
});

it('a process that slept does not lead when it wakes', () => {
  clock.advance(6_000);
  expect(leadership.leads()).toBe(false);
});

it('says that another leads, and gives nothing back then', async () => {
  renew = async () => undefined;
  await pass(2_000);
  await leadership.lost;
  expect(leadership.leads()).toBe(false);
  await leadership.resign();
  expect(released).toBe(0);
  expect(ended, 'the row may be of this term all the same').toBe(1);
});

it('gives it back once it ends', async () => {
  await leadership.resign();
  expect([leadership.leads(), released]).toEqual([false, 1]);
});

it('does not renew for a process that hangs, and does again for one that goes on', async () => {
  isAlive = false;
  await pass(6_000);
  expect(leadership.leads()).toBe(false);
  isAlive = true;
  await pass(600);
  expect(leadership.leads()).toBe(true);
});

it('tells until when it leads, and of the loss at once', async () => {
  expect(validUntil).toBe(6_000);
  await pass(2_000);
  expect(validUntil).toBe(8_000);
  renew = async () => undefined;
  await pass(2_000);
  expect(validUntil).toBe(0);
});
