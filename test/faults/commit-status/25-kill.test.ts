import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOutbox, type Outbox, type OutboxStore } from '../../../src/commit-status/index.ts';
import type { CommitSha, StandingStatus } from '../../../src/model/index.ts';
import { createSilentLogger } from '../../../src/runtime/index.ts';
import { reporterFor, shaOf } from '../../conformance/commit-status/hosts.ts';
import { eventually } from '../../support/eventually.ts';
import { openFileOutboxStore } from '../../support/git-host-file-store.mjs';
import { type GithubStandIn, startGithub } from '../../support/git-host-github.ts';
import type { HostFault } from '../../support/git-host-server.ts';
import { createTimeTravel, type TimeTravel } from '../../support/git-host-time.ts';

const victim = fileURLToPath(new URL('../../support/git-host-outbox-victim.mjs', import.meta.url));
const seeds = Array.from({ length: Number(process.env.MUSTER_FAULT_SEEDS ?? 10) }, (_, seed) => seed);
const contexts = ['muster/fleet', 'muster/acme', 'muster/validate'];
/** Requests of a run that is not killed: one read and six writes. */
const requests = 7;

let host: GithubStandIn;
let directory: string;

beforeAll(async () => {
  host = await startGithub();
  directory = await mkdtemp(join(tmpdir(), 'muster-outbox-'));
});
afterAll(async () => {
  await host.server.close();
  await rm(directory, { recursive: true });
});

it.each(seeds)('fault 25, seed %i: a kill -9 neither loses nor repeats a status', async (seed) => {
  const sha = shaOf((seed + 16).toString(16).padStart(4, '0'));
  host.addCommit(sha);
  const place = join(directory, String(seed));
  const child = spawn(process.execPath, [victim, host.apiUrl, place, sha], { stdio: 'inherit' });
  await killed(child, seed).finally(() => child.kill('SIGKILL'));
  host.server.setFaults(undefined);

  const store = await openFileOutboxStore(place);
  const owed = await wantedIn(store);
  const time = createTimeTravel();
  const { clock, fetch } = time;
  const reporter = reporterFor('github', host, { clock, fetch, readToken: () => 'gh-token' });
  const outbox = createOutbox({
    store,
    reporters: [reporter],
    clock,
    random: () => 0,
    breathe: async () => {},
    logger: createSilentLogger(),
  });
  await outbox.start();
  await drained(outbox, time);
  for (const [context, description] of owed)
    expect(host.records(sha, context).at(-1)?.description).toBe(description);

  outbox.submit(contexts.map((context) => verdictOn(sha, context)));
  await drained(outbox, time);
  await outbox.close();
  for (const context of contexts) {
    const states = host.records(sha, context).map(({ state }) => state);
    expect(states.at(-1)).toBe('success');
    expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
  }
});

/** The verdict that the victim would have given. */
function verdictOn(sha: CommitSha, context: string): StandingStatus {
  return { sha, context, state: 'success', description: '2/2 applied and healthy', attempt: 0 };
}

/** Moves the clock until nothing is owed; the store takes real time. */
async function drained(outbox: Outbox, time: TimeTravel): Promise<void> {
  await eventually(async () => {
    await time.travel(1_000);
    return outbox.state().destinations.every(({ outstanding }) => outstanding === 0);
  });
}

/** Kills the process at the seed's request: before it is handled, before its answer, or just after it. */
function killed(child: ChildProcess, seed: number): Promise<void> {
  let seen = 0;
  const last = 1 + (seed % requests);
  const moment = ['hang', 'lose-answer', 'answered'][
    Math.floor(seed / requests) % 3 === 0 ? seed % 3 : (seed + 1) % 3
  ];
  host.server.setFaults((): HostFault | undefined => {
    seen += 1;
    if (seen < last) return undefined;
    if (seen > last) return { kind: 'hang' };
    if (moment === 'answered') {
      setTimeout(() => child.kill('SIGKILL'), seed % 5);
      return undefined;
    }
    child.kill('SIGKILL');
    return { kind: moment as 'hang' | 'lose-answer' };
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`the victim ended by itself with ${code}`));
    });
  });
}

async function wantedIn(store: OutboxStore): Promise<readonly (readonly [string, string])[]> {
  const items = (await store.load()) as readonly {
    value: { item: { status: { context: string; description: string } } };
  }[];
  return items.map(({ value }) => [value.item.status.context, value.item.status.description]);
}
