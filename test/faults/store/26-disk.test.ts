import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { openEmbeddedStore, type Store } from '../../../src/store/index.ts';
import { eventually } from '../../support/eventually.ts';
import { createFaultyDatabase, type FaultyDatabase } from '../../support/faulty-database.ts';
import { loadRoster, newEvent, repoContent, rosterRow } from '../../support/store-rows.ts';

let dataDir: string;
let faulty: FaultyDatabase;
let clock: ReturnType<typeof createManualClock>;
let store: Store;

const open = () =>
  openEmbeddedStore(
    { clock, random: () => 0, logger: createSilentLogger(), connect: faulty.connect },
    { dataDir, thread: false },
  );

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'muster-disk-'));
  faulty = createFaultyDatabase();
  clock = createManualClock();
  store = await open();
});

afterEach(async () => {
  faulty.failWith(undefined);
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function writeSomeOfEach(): Promise<void> {
  store.roster.put(rosterRow(1));
  store.events.append(newEvent(1));
  await store.facts.put('pin/acme', { reason: 'x' });
  await store.outbox.put({ key: 'status', value: 'success' });
  await store.revisions.put(repoContent('00aa', { a: 'one' }));
  await store.inForce.set(new Map([['acme', repoContent('00aa', {}).revision]]));
}

async function expectSomeOfEach(): Promise<void> {
  expect(await loadRoster(store)).toEqual([rosterRow(1)]);
  expect(await store.events.list({ limit: 9 })).toHaveLength(1);
  expect(await store.facts.list('pin/')).toEqual([{ key: 'pin/acme', value: { reason: 'x' } }]);
  expect(await store.outbox.load()).toEqual([{ key: 'status', value: 'success' }]);
  const content = repoContent('00aa', { a: 'one' });
  expect(await store.revisions.get(content.revision)).toEqual(content);
  expect(await store.revisions.list()).toHaveLength(1);
  expect(await store.inForce.get()).toEqual(new Map([['acme', content.revision]]));
}

describe.each([
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_IOERR_WRITE', 'input/output error'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'cannot be opened'],
])('%s', (code, reason) => {
  it('goes on from memory, says so, and recovers by itself', async () => {
    faulty.failWith(code);
    await writeSomeOfEach();
    await expectSomeOfEach();
    expect(store.state()).toMatchObject({
      status: 'degraded',
      since: clock.now(),
      reason: expect.stringContaining(reason) as string,
    });
    await expect(store.flush()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });

    faulty.failWith(undefined);
    clock.advance(60_000);
    await eventually(() => store.state().status === 'ok' && store.state().waiting === 0);
    await store.close();
    store = await open();
    await expectSomeOfEach();
  });
});

it('recovers from a real full disk, without losing what was there', async () => {
  await store.facts.put('before', 1);
  const { page_count: pages } = faulty.real().prepare('PRAGMA page_count').get() as { page_count: number };
  faulty.real().prepare(`PRAGMA max_page_count = ${pages}`).all();
  await store.facts.put('large', 'x'.repeat(100_000));
  expect(store.state()).toMatchObject({ status: 'degraded', waiting: 1 });
  expect(await store.facts.get('before')).toBe(1);
  expect(await store.facts.get('large')).toHaveLength(100_000);

  faulty.real().prepare('PRAGMA max_page_count = 100000').all();
  await store.flush();
  expect(store.state()).toMatchObject({ status: 'ok', waiting: 0, dropped: 0 });
  await store.close();
  store = await open();
  expect(await store.facts.get('large')).toHaveLength(100_000);
});

it('bounds what waits for the disk: events are dropped and counted, documents refused', async () => {
  faulty.failWith('SQLITE_FULL');
  await store.facts.put('k', 1);
  for (let at = 0; at < 10_100; at++) store.events.append(newEvent(at));
  expect(store.state()).toMatchObject({ waiting: 10_001, dropped: 100 });

  const body = 'x'.repeat(16 * 1024 * 1024);
  for (const sha of ['00aa', '00bb', '00cc', '00dd'])
    await store.revisions.put(repoContent(sha, { [sha]: sha + body }));
  await expect(store.revisions.put(repoContent('00ee', { e: body }))).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    disposition: 'transient',
  });
});

it('gives up only the value that the database refuses for good', async () => {
  faulty.failOn('SQLITE_CONSTRAINT_CHECK', 'into "outbox"');
  const outcomes = await Promise.allSettled([
    store.facts.put('a', 1),
    store.outbox.put({ key: 'bad', value: 1 }),
    store.facts.put('b', 2),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(store.state()).toMatchObject({ status: 'ok', waiting: 0, dropped: 1 });
  expect(await store.facts.list('')).toHaveLength(2);
});

it('says which folder it cannot use', async () => {
  const file = join(dataDir, 'a-file');
  await writeFile(file, '');
  const deps = { clock, random: () => 0, logger: createSilentLogger() };
  for (const thread of [false, true]) {
    await expect(openEmbeddedStore(deps, { dataDir: join(file, 'data'), thread })).rejects.toMatchObject({
      code: 'STORE_DIRECTORY',
      message: expect.stringContaining(file) as string,
    });
  }
});
