import { beforeEach, expect, it } from 'vitest';
import { MusterError } from '../../../../src/model/index.ts';
import { createManualClock, createSilentLogger } from '../../../../src/runtime/index.ts';
import type { LeaseRow } from '../../../../src/store/postgres/lease.ts';
import { standBy, type TakenTerm } from '../../../../src/store/postgres/stand-by.ts';

let clock: ReturnType<typeof createManualClock>;
let row: LeaseRow;
let isAway: boolean;
let isAlive: boolean;
let taken: TakenTerm | undefined;
let told: number;
let abort: AbortController;
let ended: Promise<unknown>;

const lease = {
  async look() {
    if (isAway) throw new MusterError('STORE_UNAVAILABLE', 'away', { disposition: 'transient' });
    return row;
  },
  async take(seen: LeaseRow) {
    if (isAway || seen.term !== row.term || seen.beat !== row.beat) return undefined;
    row = { term: row.term + 1, holder: 'me', beat: 0, address: '' };
    return row.term;
  },
};

beforeEach(() => {
  clock = createManualClock();
  row = { term: 4, holder: 'other', beat: 10, address: '' };
  isAway = false;
  isAlive = true;
  taken = undefined;
  told = 0;
  abort = new AbortController();
});

function start(): void {
  const deps = {
    lease,
    clock,
    logger: createSilentLogger(),
    onStandby: () => void (told += 1),
    isAlive: () => isAlive,
  };
  ended = standBy(deps, { leaseMs: 6_000, signal: abort.signal }).then(
    (term) => void (taken = term),
    (error: unknown) => error,
  );
}

async function pass(ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 100) {
    clock.advance(100);
    await new Promise(setImmediate);
  }
}

it('leads at once where nobody does', async () => {
  row = { term: 4, holder: '', beat: 3, address: '' };
  start();
  await pass(100);
  expect(taken?.term).toBe(5);
  expect(told).toBe(0);
});

it('waits for as long as the leader renews, whatever it sees', async () => {
  start();
  for (let second = 0; second < 60; second += 2) {
    row = { ...row, beat: row.beat + 1 };
    await pass(2_000);
  }
  expect(taken).toBeUndefined();
  expect(told).toBe(1);
});

it('leads when the leader was silent for a whole lease', async () => {
  start();
  await pass(5_900);
  expect(taken).toBeUndefined();
  await pass(2_000);
  expect(taken?.term).toBe(5);
});

it('counts anew after an outage, so that the leader can go on', async () => {
  start();
  await pass(3_000);
  isAway = true;
  await pass(30_000);
  isAway = false;
  await pass(5_000);
  expect(taken).toBeUndefined();
  row = { ...row, beat: row.beat + 1 };
  await pass(5_000);
  expect(taken).toBeUndefined();
  await pass(3_000);
  expect(taken?.term).toBe(5);
});

it('counts anew where it could not look itself', async () => {
  start();
  await pass(3_000);
  clock.advance(60_000);
  await pass(5_000);
  expect(taken).toBeUndefined();
});

it('leaves it to whoever was faster', async () => {
  start();
  await pass(5_500);
  row = { term: 5, holder: 'a third', beat: 0, address: '' };
  await pass(4_000);
  expect(taken).toBeUndefined();
});

it('ends when it is told to', async () => {
  start();
  await pass(1_000);
  abort.abort();
  expect(await ended).toMatchObject({ code: 'STORE_CLOSED' });
});

it('takes nothing for a process that hangs', async () => {
  isAlive = false;
  start();
  await pass(20_000);
  expect(taken).toBeUndefined();
  isAlive = true;
  await pass(1_000);
  expect(taken?.term).toBe(5);
});
