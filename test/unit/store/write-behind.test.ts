import { beforeEach, expect, it } from 'vitest';
import { MusterError } from '../../../src/model/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import type { Batch, Engine } from '../../../src/store/engine.ts';
import type { Store } from '../../../src/store/index.ts';
import { createPersistentStore } from '../../../src/store/persistent-store.ts';
import { eventually } from '../../support/eventually.ts';
import { newEvent, rosterRow } from '../../support/store-rows.ts';

let commits: Batch[];
let attempts: number[];
let failing: boolean;
let slow: boolean;
let clock: ReturnType<typeof createManualClock>;
let store: Store;

const engine: Engine = {
  async commit(batch) {
    attempts.push(clock.monotonic());
    if (failing) throw new MusterError('STORE_UNAVAILABLE', 'disk full', { disposition: 'transient' });
    if (slow) await new Promise(setImmediate);
    commits.push(batch);
  },
  query: async (query) => (query.kind === 'lastEventId' ? 41 : []) as never,
  close: async () => undefined,
};

beforeEach(async () => {
  commits = [];
  attempts = [];
  failing = false;
  slow = false;
  clock = createManualClock();
  const deps = { engine, clock, random: () => 0, logger: createSilentLogger() };
  store = await createPersistentStore(deps, { flushMs: 1_000, notice: undefined });
});

const settled = () => eventually(() => store.state().waiting === 0);

it('writes the roster behind: not before its time, and once per agent', async () => {
  for (let lastSeenAt = 1; lastSeenAt <= 50; lastSeenAt++) store.roster.put(rosterRow(1, { lastSeenAt }));
  store.events.append(newEvent(1));
  clock.advance(999);
  await Promise.resolve();
  expect(attempts).toEqual([]);
  clock.advance(1);
  await settled();
  expect(commits).toMatchObject([
    { durable: false, mutations: [{ state: { last_seen_at: 50 } }], events: [{ id: 42, at: 1 }] },
  ]);
});

it('writes what is waited for at once, durably, together, and without the roster', async () => {
  store.roster.put(rosterRow(1));
  await Promise.all([
    store.facts.put('a', 1),
    store.outbox.put({ key: 'b', value: 2 }),
    store.facts.put('a', 3),
  ]);
  expect(commits).toMatchObject([
    {
      durable: true,
      mutations: [
        { kind: 'outbox', value: '2' },
        { kind: 'fact', value: '3' },
      ],
    },
  ]);
  expect(store.state().waiting).toBe(1);
});

it('cuts a large roster into transactions', async () => {
  for (let n = 0; n < 2_500; n++) store.roster.put(rosterRow(n));
  await store.flush();
  expect(commits.map(({ mutations }) => mutations.length)).toEqual([1_000, 1_000, 500]);
});

it('lets an urgent write pass a large roster', async () => {
  slow = true;
  for (let n = 0; n < 3_000; n++) store.roster.put(rosterRow(n));
  const flushed = store.flush();
  await new Promise(setImmediate);
  await Promise.all([flushed, store.facts.put('a', 1)]);
  const order = commits.map(({ durable }) => (durable ? 'urgent' : 'roster'));
  expect(order.indexOf('urgent')).toBeLessThan(order.lastIndexOf('roster'));
  expect(order.filter((kind) => kind === 'roster')).toHaveLength(3);
});

it('writes who an agent is once, and again when that changes or the agent was removed', async () => {
  const row = rosterRow(1);
  const identities: unknown[] = [];
  const write = async (put: () => void) => {
    put();
    await store.flush();
    const [mutation] = commits.at(-1)?.mutations ?? [];
    identities.push(mutation?.kind === 'roster' && mutation.identity?.credential);
  };
  await write(() => store.roster.put(row));
  await write(() => store.roster.put({ ...row, health: 'Degraded' }));
  await write(() => store.roster.put({ ...row, credential: 'other' }));
  await write(() => store.roster.put({ ...row, credential: 'other', labels: new Map() }));
  await write(() => store.roster.remove(row.uid));
  await write(() => store.roster.put({ ...row, credential: 'other', labels: new Map() }));
  expect(identities).toEqual(['edge', undefined, 'other', 'other', undefined, 'other']);
});

it('keeps a row that changed while it was being written', async () => {
  store.roster.put(rosterRow(1, { lastSeenAt: 1 }));
  const flushed = store.flush();
  await Promise.resolve();
  store.roster.put(rosterRow(1, { lastSeenAt: 2 }));
  await flushed;
  await store.flush();
  expect(commits.at(-1)).toMatchObject({ mutations: [{ state: { last_seen_at: 2 } }] });
});

it('tries again ever more rarely while it fails, at most every 30 s', async () => {
  failing = true;
  await store.facts.put('a', 1);
  for (let count = 1; count < 9; count++) {
    for (let step = 0; step < 400 && attempts.length === count; step++) {
      clock.advance(100);
      await new Promise(setImmediate);
    }
  }
  const gaps = attempts.slice(1).map((at, i) => at - (attempts[i] ?? 0));
  expect(gaps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  failing = false;
  await store.flush();
  expect(store.state()).toEqual({ status: 'ok', waiting: 0, dropped: 0 });
});

it('waits ten seconds for a disk that hangs, then goes on from memory until it answers', async () => {
  let answer = () => {};
  const commit = engine.commit;
  engine.commit = () => new Promise((resolve) => (answer = resolve));
  try {
    const stored = store.facts.put('a', 1);
    await Promise.resolve();
    clock.advance(9_999);
    expect(store.state().status).toBe('ok');
    clock.advance(1);
    await stored;
    expect(store.state()).toMatchObject({
      status: 'degraded',
      reason: expect.stringContaining('hangs') as string,
      waiting: 1,
    });
    expect(await store.facts.get('a')).toBe(1);
    answer();
    await settled();
    expect(store.state().status).toBe('ok');
  } finally {
    engine.commit = commit;
  }
});

it('schedules nothing once it is closed', async () => {
  failing = true;
  await store.facts.put('a', 1);
  await store.close();
  const before = attempts.length;
  clock.advance(3_600_000);
  await new Promise(setImmediate);
  expect(attempts.length).toBe(before);
});
