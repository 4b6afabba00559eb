import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { type OpenedStore, openPostgresStore, type PostgresStoreDeps } from '../../src/store/index.ts';
import { eventually } from '../support/eventually.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';

const leaseMs = 3_000;

let cluster: PostgresCluster;
let url: string;
let ending: AbortController;
let opened: OpenedStore[];

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

beforeEach(async () => {
  url = await cluster.createDatabase();
  ending = new AbortController();
  opened = [];
});

afterEach(async () => {
  ending.abort();
  for (const { store } of opened) await store.close();
});

async function open(over: Partial<PostgresStoreDeps> = {}, address = 'muster-1:4322'): Promise<OpenedStore> {
  const deps = { clock: createSystemClock(), random: () => 0, logger: createSilentLogger(), ...over };
  const options = { url, holder: randomUUID(), address, leaseMs, signal: ending.signal };
  const one = await openPostgresStore(deps, options);
  opened.push(one);
  return one;
}

/** Nothing else runs in this thread for `ms`. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('a leader that is busy for longer than its lease goes on leading, and who stands by does not take it', async () => {
  const { leadership } = await open();
  let standsBy = false;
  const other = open({ onStandby: () => void (standsBy = true) });
  const ended = other.then(
    () => 'led',
    () => 'waited',
  );
  await eventually(() => standsBy);
  block(1.7 * leaseMs);
  expect(leadership.leads()).toBe(true);
  ending.abort();
  expect(await ended).toBe('waited');
  expect(leadership.leads()).toBe(true);
}, 60_000);

it('one that stands still for longer than two leases loses it, and leads again where nobody took it', async () => {
  const { leadership } = await open();
  block(3.6 * leaseMs);
  expect(leadership.leads()).toBe(false);
  await eventually(() => leadership.leads(), 20_000);
}, 60_000);

it('who stands by is told where the leader is, and stops waiting when told to', async () => {
  await open();
  const seen: (string | undefined)[] = [];
  const other = open({ onLeader: (address) => void seen.push(address) });
  await eventually(() => seen.length > 0);
  expect(seen[0]).toBe('muster-1:4322');
  ending.abort();
  await expect(other).rejects.toMatchObject({ code: 'STORE_CLOSED' });
}, 60_000);
