import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { createSilentLogger, createSystemClock } from '../../dist/runtime/index.js';
import { openEmbeddedStore } from '../../dist/store/index.js';

const rowsPerTransaction = 1_000;
const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };

const rosterRow = (number) => ({
  uid: `01936f2e-8c1a-7b42-9d55-${String(number).padStart(12, '0')}`,
  tenant: 'default',
  credential: 'bench',
  type: 'otelcol',
  labels: new Map(Array.from({ length: 12 }, (_, i) => [`attribute.number.${i}`, `value-${number}-${i}`])),
  capabilities: 0x3003,
  statusHash: 'ab'.repeat(32),
  statusState: 'applied',
  health: 'Healthy',
  failedHashes: [],
  failedPackages: [],
  firstSeenAt: 1_700_000_000_000,
  lastSeenAt: 1_700_000_000_000 + number,
  saidGoodbye: false,
});

async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The raw limit: the same facts of an agent in two columns, by the library that the store uses, in this thread. */
function measureRaw(file, rows) {
  const database = new Database(file);
  for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = NORMAL']) {
    database.prepare(`PRAGMA ${pragma}`).all();
  }
  database.exec('create table agent (uid text primary key, labels text, state text)');
  const write = database.prepare(
    'insert into agent values (?, ?, ?) on conflict (uid) do update set state = excluded.state',
  );
  const writeAll = () => {
    for (let at = 0; at < rows.length; at += rowsPerTransaction) {
      database.exec('begin');
      for (const { labels, uid, ...state } of rows.slice(at, at + rowsPerTransaction)) {
        write.run(uid, JSON.stringify([...labels]), JSON.stringify(state));
      }
      database.exec('commit');
    }
  };
  const readAll = () => {
    for (const row of database.prepare('select * from agent').iterate()) {
      JSON.parse(row.state);
      new Map(JSON.parse(row.labels));
    }
  };
  return { writeAll, readAll, close: () => database.close() };
}

/** Writing how every agent stands, and a start with all of them in the store. */
export async function measureStore({ storedAgents }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-bench-store-'));
  const rows = Array.from({ length: storedAgents }, (_, i) => rosterRow(i));
  const raw = measureRaw(join(dataDir, 'raw.db'), rows);
  try {
    raw.writeAll();
    const rawUpdateMs = await timed(raw.writeAll);
    const rawLoadMs = await timed(raw.readAll);

    const store = await openEmbeddedStore(deps, { dataDir });
    for (const row of rows) store.roster.put(row);
    await store.flush();
    for (const row of rows) store.roster.put({ ...row, health: 'Degraded' });
    const updateMs = await timed(() => store.flush());
    await store.close();

    const again = { store: undefined, agents: 0 };
    const loadMs = await timed(async () => {
      again.store = await openEmbeddedStore(deps, { dataDir });
      for await (const batch of again.store.roster.load()) again.agents += batch.length;
    });
    await again.store.close();
    if (again.agents !== storedAgents) throw new Error(`the store lost agents: ${again.agents} are left`);
    const perSecond = (ms) => (storedAgents / ms) * 1_000;
    return {
      rawUpdatesPerSecond: perSecond(rawUpdateMs),
      updatesPerSecond: perSecond(updateMs),
      rawLoadMs,
      loadMs,
    };
  } finally {
    raw.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
