import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { type OpenedStore, openPostgresStore, type PostgresStoreOptions } from '../../src/store/index.ts';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { loadRoster, newEvent, rosterRow } from '../support/store-rows.ts';
import { type Balancer, createBalancer } from './support/balancer.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';

let cluster: PostgresCluster;
let wire: Balancer;
let url: string;
let opened: OpenedStore[];

beforeAll(async () => {
  cluster = await createPostgresCluster();
  wire = await createBalancer({ targets: () => [cluster.port] });
});

afterAll(async () => {
  await wire?.close();
  cluster?.remove();
});

beforeEach(async () => {
  opened = [];
  url = (await cluster.createDatabase()).replace(String(cluster.port), String(wire.port));
});

afterEach(async () => {
  for (const { store } of opened) await store.close();
});

async function open(over: Partial<PostgresStoreOptions> = {}): Promise<OpenedStore> {
  const deps = { clock: createSystemClock(), random: () => 0, logger: createSilentLogger() };
  const options = { url, holder: randomUUID(), thread: false, flushMs: 50, leaseMs: 1_500, answerMs: 1_000 };
  const one = await openPostgresStore(deps, { ...options, ...over });
  opened.push(one);
  return one;
}

const outages = [
  { name: 'stops', begin: () => cluster.stop(), end: () => cluster.start() },
  { name: 'hangs', begin: () => cluster.freeze(), end: () => cluster.thaw() },
  { name: 'is cut off', begin: () => wire.cut(), end: () => wire.mend() },
];

describe.each(outages)('28 PostgreSQL $name', ({ begin, end }) => {
  it('memory goes on and decisions wait; all of it is written when it is back, without a restart', async () => {
    const { store, leadership } = await open();
    await store.facts.put('before', 1);
    begin();
    try {
      store.roster.put(rosterRow(1));
      store.events.append(newEvent(1));
      await store.facts.put('meanwhile', { kept: true });
      await store.outbox.put({ key: 'status', value: 'success' });
      expect(await store.facts.get('meanwhile')).toEqual({ kept: true });
      expect(store.state()).toMatchObject({ status: 'degraded', waiting: 4, dropped: 0 });
      await eventually(() => !leadership.leads(), 20_000);
    } finally {
      end();
    }
    await eventuallyHolds(
      () => expect(store.state()).toEqual({ status: 'ok', waiting: 0, dropped: 0 }),
      40_000,
    );
    await eventually(() => leadership.leads(), 20_000);
    await store.close();
    const again = await open();
    expect(again.leadership.term).toBe(leadership.term + 1);
    expect(await again.store.facts.list('')).toEqual([
      { key: 'before', value: 1 },
      { key: 'meanwhile', value: { kept: true } },
    ]);
    expect(await again.store.outbox.load()).toEqual([{ key: 'status', value: 'success' }]);
    expect(await loadRoster(again.store)).toEqual([rosterRow(1)]);
  }, 120_000);
});

it('28 a process that is cut off while another leads writes nothing any more, and learns of it', async () => {
  const cutOff = await open();
  await cutOff.store.facts.put('rollout', 'by the first');
  wire.cut();
  const direct = url.replace(String(wire.port), String(cluster.port));
  const next = await open({ url: direct });
  expect(cutOff.leadership.leads()).toBe(false);
  expect(next.leadership.term).toBe(cutOff.leadership.term + 1);
  await next.store.facts.put('rollout', 'by the next');
  await cutOff.store.facts.put('rollout', 'late');
  wire.mend();
  await cutOff.leadership.lost;
  await expect(cutOff.store.flush()).rejects.toMatchObject({ code: 'STORE_FENCED' });
  expect(cutOff.leadership.leads()).toBe(false);
  await next.store.close();
  const third = await open({ url: direct });
  expect(await third.store.facts.get('rollout')).toBe('by the next');
}, 60_000);

it.each([
  { copied: 'before this leader', set: 'term = term - 1' },
  { copied: 'while this leader led', set: 'beat = beat - 3' },
])(
  '41 a database restored from a copy made $copied: it begins anew with that',
  async ({ set }) => {
    const { store, leadership } = await open();
    await store.facts.put('rollout', 'now');
    const direct = url.replace(String(wire.port), String(cluster.port));
    await cluster.query(direct, `update leader set ${set}; update fact set value = '"an hour ago"'`);
    await leadership.lost;
    await store.facts.put('rollout', 'late');
    await store.close();
    const again = await open();
    expect(await again.store.facts.get('rollout')).toBe('an hour ago');
  },
  60_000,
);

it('24 ends while PostgreSQL hangs', async () => {
  const { store } = await open();
  cluster.freeze();
  try {
    await store.facts.put('late', 1);
    await store.close();
    await expect(store.facts.get('k')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  } finally {
    cluster.thaw();
  }
}, 60_000);

it('a crash leaves the lease to run out; a close gives it back at once', async () => {
  const first = await open({ leaseMs: 60_000 });
  await first.store.close();
  const second = await open({ leaseMs: 60_000 });
  expect(second.leadership.term).toBe(first.leadership.term + 1);
  const waiting = new AbortController();
  let stoodBy = false;
  const deps = { clock: createSystemClock(), random: () => 0, logger: createSilentLogger() };
  const third = openPostgresStore(
    { ...deps, onStandby: () => void (stoodBy = true) },
    { url, holder: randomUUID(), thread: false, leaseMs: 60_000, signal: waiting.signal },
  );
  await eventually(() => stoodBy);
  waiting.abort();
  await expect(third).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});
