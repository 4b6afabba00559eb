import { mkdtemp, open as openFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { openEmbeddedStore, type Store } from '../../../src/store/index.ts';
import { eventually } from '../../support/eventually.ts';
import { createFaultyDatabase, type FaultyDatabase } from '../../support/faulty-database.ts';
import { loadRoster, rosterRow } from '../../support/store-rows.ts';

let dataDir: string;
let file: string;
let faulty: FaultyDatabase;
let store: Store | undefined;

const clock = createManualClock();
const deps = () => ({ clock, random: () => 0, logger: createSilentLogger(), connect: faulty.connect });

async function open(): Promise<Store> {
  store = await openEmbeddedStore(deps(), { dataDir, thread: false });
  return store;
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'muster-damage-'));
  file = join(dataDir, 'muster.db');
  faulty = createFaultyDatabase();
});

afterEach(async () => {
  faulty.failWith(undefined);
  await store?.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function writeStore(): Promise<void> {
  const written = await open();
  for (let n = 0; n < 2_000; n++) written.roster.put(rosterRow(n));
  await written.facts.put('k', 1);
  await written.flush();
  await written.close();
}

async function overwrite(at: number, text: string): Promise<void> {
  const handle = await openFile(file, 'r+');
  await handle.write(text, at);
  await handle.close();
}

function recordWorkers() {
  const workers: Worker[] = [];
  const spawn = () => {
    const worker = new Worker(new URL('../../../dist/workers/store-worker.js', import.meta.url));
    workers.push(worker);
    return worker;
  };
  return { workers, spawn };
}

it.each([
  ['a garbage header', () => overwrite(0, 'garbage '.repeat(64))],
  ['a truncated file', async () => truncate(file, ((await stat(file)).size >> 13) << 12)],
  ['a file that ends within a page', async () => truncate(file, (await stat(file)).size - 1_000)],
  ['a page of garbage', () => overwrite(4096 * 3, 'garbage '.repeat(512))],
  ['another kind of file', () => writeFile(file, 'kind: Fleet\n'.repeat(1_000))],
])('sets %s aside and begins anew', async (_, damage) => {
  await writeStore();
  await damage();
  const anew = await open();
  expect(anew.state()).toMatchObject({
    status: 'ok',
    notice: expect.stringContaining('muster.db.corrupt-1') as string,
  });
  expect(await anew.facts.get('k')).toBeUndefined();
  await anew.facts.put('k', 2);
  await anew.close();
  expect(await readdir(dataDir)).toContain('muster.db.corrupt-1');
  expect(await (await open()).facts.get('k')).toBe(2);
  expect(store?.state().notice).toBeUndefined();
});

it('keeps the newest three damaged files', async () => {
  for (let round = 0; round < 5; round++) {
    await writeFile(file, 'no database, but long enough to be taken for one'.repeat(100));
    await (await open()).close();
  }
  const kept = (await readdir(dataDir)).filter((name) => name.includes('corrupt'));
  expect(kept.sort()).toEqual([3, 4, 5].map((n) => `muster.db.corrupt-${n}`));
});

it('sets a file aside that turns out damaged while in use, and writes on', async () => {
  const running = await open();
  const row = rosterRow(1);
  await running.facts.put('before', 1);
  running.roster.put(row);
  await running.flush();
  faulty.failWith('SQLITE_CORRUPT_VTAB');
  await running.facts.put('during', 2);
  expect(running.state()).toMatchObject({
    status: 'degraded',
    notice: expect.stringContaining('muster.db.corrupt-1') as string,
  });
  expect(await running.facts.get('during')).toBe(2);
  faulty.failWith(undefined);
  await running.flush();
  expect(running.state().status).toBe('ok');
  running.roster.put({ ...row, health: 'Degraded' });
  await running.close();
  const anew = await open();
  expect(await anew.facts.list('')).toEqual([{ key: 'during', value: 2 }]);
  expect(await loadRoster(anew)).toEqual([{ ...row, health: 'Degraded' }]);
});

it('leaves a store alone that a newer version wrote', async () => {
  await writeStore();
  await (await open()).facts.get('k');
  const newer = faulty.real();
  newer.exec("insert into kysely_migration values ('9999-later', '2030-01-01')");
  await store?.close();
  await expect(open()).rejects.toMatchObject({ code: 'STORE_TOO_NEW', disposition: 'stalled' });
  expect(await readdir(dataDir)).toEqual(['muster.db']);
});

it('repeats a creation of tables that was cut short', async () => {
  faulty.failOn('SQLITE_IOERR_WRITE', 'kysely_migration" (');
  await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  faulty.failWith(undefined);
  const opened = await open();
  await opened.facts.put('k', 1);
  expect(await opened.facts.get('k')).toBe(1);
});

it('starts another thread when its thread dies, and loses no write', async () => {
  const { workers, spawn } = recordWorkers();
  store = await openEmbeddedStore({ ...deps(), spawn }, { dataDir });
  await store.facts.put('before', 1);
  const inFlight = store.facts.put('during', 2);
  await workers[0]?.terminate();
  await inFlight;
  clock.advance(60_000);
  await eventually(() => store?.state().status === 'ok' && store.state().waiting === 0);
  expect(await store.facts.list('')).toHaveLength(2);
  expect(workers).toHaveLength(2);
});

it('says so when its thread dies and the next one finds the file damaged', async () => {
  const { workers, spawn } = recordWorkers();
  store = await openEmbeddedStore({ ...deps(), spawn }, { dataDir });
  await store.facts.put('before', 1);
  await workers[0]?.terminate();
  await overwrite(0, 'garbage '.repeat(64));
  await rm(`${file}-wal`, { force: true });
  await store.facts.put('after', 2);
  expect(store.state()).toMatchObject({
    status: 'degraded',
    notice: expect.stringContaining('muster.db.corrupt-1') as string,
  });
  await store.flush();
  expect(await store.facts.list('')).toEqual([{ key: 'after', value: 2 }]);
});
