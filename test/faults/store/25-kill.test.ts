import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { openEmbeddedStore, type Store } from '../../../src/store/index.ts';
import { outboxAfter, seeded } from '../../support/store-operations.mjs';
import { loadRoster } from '../../support/store-rows.ts';

const victim = fileURLToPath(new URL('../../support/store-victim.mjs', import.meta.url));
const seeds = Array.from({ length: Number(process.env.MUSTER_FAULT_SEEDS ?? 10) }, (_, i) => i + 1);
const deps = { clock: createManualClock(), random: () => 0.5, logger: createSilentLogger() };

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'muster-kill-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function start(seed: number): ChildProcess {
  return spawn(process.execPath, [victim, dataDir, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function reopen(): Promise<Store> {
  return openEmbeddedStore(deps, { dataDir, thread: false });
}

/** Kills the child once it has acknowledged `count` operations; returns how many it had by then. */
async function killAfter(child: ChildProcess, count: number): Promise<number> {
  const gone = once(child, 'exit');
  let acknowledged = 0;
  if (!child.stdout) throw new Error('the child has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'open') acknowledged = Number(line) + 1;
    if (acknowledged >= count) child.kill('SIGKILL');
  }
  await gone;
  return acknowledged;
}

it.each(seeds)('keeps what it acknowledged when killed (seed %i)', async (seed) => {
  const acknowledged = await killAfter(start(seed), 1 + Math.floor(seeded(seed, 0) * 400));
  const store = await reopen();
  try {
    // One more operation may have been written before its acknowledgement was.
    const found = await store.outbox.load();
    expect([outboxAfter(seed, acknowledged), outboxAfter(seed, acknowledged + 1)]).toContainEqual(found);
    expect(store.state()).toEqual({ status: 'ok', waiting: 0, dropped: 0 });
    const events = await store.events.list({ limit: 1_000 });
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => events.length - i));
    expect((await loadRoster(store)).length).toBeLessThanOrEqual(300);
    expect(await readdir(dataDir)).not.toContain('muster.db.corrupt-1');
  } finally {
    await store.close();
  }
});

it('is not opened twice, and is free as soon as its process is dead', async () => {
  const child = start(1);
  await once(child.stdout ?? child, 'data');
  await expect(openEmbeddedStore(deps, { dataDir, thread: false, lockWaitMs: 50 })).rejects.toMatchObject({
    code: 'STORE_IN_USE',
    disposition: 'stalled',
    hint: expect.stringContaining('--data-dir') as string,
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await reopen()).close();
});
