import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AgentView, Page, RevisionView, RolloutView } from '../../../src/http-api/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { createSimulatedAgent } from '../../../src/simulator/index.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { makeRepo, makeTemporaryDir } from '../../support/git-repo.ts';
import { startServeProcess } from '../../support/serve-process.ts';
import { collectorText } from '../../support/service.ts';

const files = {
  'careful.yaml': `kind: Rollout
steps:
  - {name: first, count: 1, soak: 1s}
  - {name: half, percent: 50, soak: 1s}
failure: {healthTimeout: 5s}
`,
  'edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n',
  'edge/collector.yaml': collectorText('5s'),
};
const change = (marker: string) => ({ 'edge/collector.yaml': collectorText(marker) });
const refuse = (config: string) => (config.includes('timeout: 66s') ? 'cannot start' : undefined);
const count = 10;
/** Each kill costs seconds: the short run takes the step in the middle, longer ones all. */
const killedSteps = Number(process.env.MUSTER_FAULT_SEEDS ?? 10) > 10 ? ['first', 'half', 'all'] : ['half'];

/** `muster serve` as a process over a fleet that has converged; it can be killed and started again on the same ports. */
async function startFleet() {
  const folder = makeTemporaryDir();
  const repo = makeRepo(join(folder.path, 'repo'));
  repo.commit(files);
  const dataDir = join(folder.path, 'data');
  const flags = {
    repo: repo.dir,
    'data-dir': dataDir,
    opamp: '127.0.0.1:0',
    http: '127.0.0.1:0',
    poll: '1s',
  };
  const first = await startServeProcess(flags);
  const running = { service: first };
  const ports = { ...flags, opamp: new URL(first.opampUrl).host };
  const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
  const agents = Array.from({ length: count }, (_, index) =>
    createSimulatedAgent(
      {
        url: first.opampUrl.replace(/^http/, 'ws'),
        attributes: { 'service.name': 'otelcol', 'host.name': `web-${index}` },
        applyDelayMs: 30,
        firstRetryMs: 50,
        longestRetryMs: 200,
        refuse,
      },
      deps,
    ),
  );
  const get = async <Body>(path: string) =>
    (await (await fetch(new URL(`/api/v1${path}`, running.service.httpUrl))).json()) as Body;
  const statusOf = async (sha: string) => {
    const { items } = await get<Page<RevisionView>>('/revisions');
    return items.find((one) => one.sha === sha)?.statuses.find(({ context }) => context === 'muster/fleet');
  };
  const fleet = {
    repo,
    dataDir,
    agents,
    get,
    offers: () => agents.map((agent) => agent.state().offers),
    rollout: async () => (await get<Page<RolloutView>>('/rollouts')).items[0],
    status: (sha: string, state: string) =>
      eventuallyHolds(async () => expect(await statusOf(sha)).toMatchObject({ state }), 25_000),
    /** How many agents say that they run the newest commit's config. */
    async applied() {
      const { items } = await get<Page<AgentView>>('/agents');
      return items.filter(({ delivery, sync }) => delivery === 'applied' && sync === 'Synced').length;
    },
    async kill(between: () => void = () => {}) {
      await running.service.end('SIGKILL');
      between();
      running.service = await startServeProcess(ports);
    },
    async [Symbol.asyncDispose]() {
      for (const agent of agents) agent.stop();
      await running.service.end('SIGTERM');
      folder.remove();
    },
  };
  await eventuallyHolds(async () => expect((await fleet.rollout())?.phase).toBe('passed'), 25_000);
  return fleet;
}

it('25 kill -9 in the steps of a rollout: it ends as it would have', { timeout: 120_000 }, async () => {
  await using fleet = await startFleet();
  const before = fleet.offers();
  const sha = fleet.repo.commit(change('7s'));
  for (const step of killedSteps) {
    await eventually(async () => {
      const view = await fleet.rollout();
      return view?.step === step || (view?.phase === 'passed' && view.revision === sha);
    }, 20_000);
    await fleet.kill();
  }
  await fleet.status(sha, 'success');
  await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 20_000);
  // An offer on the wire when the process died may be made once more; what was reported is never sent again.
  for (const [index, offers] of fleet.offers().entries())
    expect(offers - (before[index] ?? 0)).toBeLessThanOrEqual(2);
});

it('25 kill -9 while agents go back: all are on last good, and the verdict stands', {
  timeout: 120_000,
}, async () => {
  await using fleet = await startFleet();
  const before = fleet.offers();
  const bad = fleet.repo.commit(change('66s'));
  await eventually(async () => (await fleet.rollout())?.phase === 'rolled-back', 20_000);
  await fleet.kill();
  await fleet.status(bad, 'failure');
  await eventuallyHolds(async () => {
    const { items } = await fleet.get<Page<AgentView>>('/agents');
    expect(items.filter(({ connected }) => connected)).toHaveLength(count);
    expect(new Set(items.map(({ effectiveHash }) => effectiveHash)).size).toBe(1);
  }, 20_000);
  const revert = fleet.repo.commit(change('5s'));
  await fleet.status(revert, 'success');
  // One was chosen to try it, and the choice outlived the process: nobody else was sent anything.
  expect(fleet.offers().filter((offers, index) => offers !== before[index])).toHaveLength(1);
});

it('41 a store from before the rollout: nobody is moved back', { timeout: 120_000 }, async () => {
  await using fleet = await startFleet();
  const old = `${fleet.dataDir}-old`;
  await fleet.kill(() => cpSync(fleet.dataDir, old, { recursive: true }));
  await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 20_000);
  const sha = fleet.repo.commit(change('7s'));
  await fleet.status(sha, 'success');
  const offered = fleet.offers();
  await fleet.kill(() => {
    rmSync(fleet.dataDir, { recursive: true });
    cpSync(old, fleet.dataDir, { recursive: true });
  });
  await fleet.status(sha, 'success');
  await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 20_000);
  expect(fleet.offers()).toEqual(offered);
});

it('41 a store from before the last rollout, in the next one: nobody is moved back', {
  timeout: 120_000,
}, async () => {
  await using fleet = await startFleet();
  const old = `${fleet.dataDir}-old`;
  await fleet.kill(() => cpSync(fleet.dataDir, old, { recursive: true }));
  await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 20_000);
  await fleet.status(fleet.repo.commit(change('7s')), 'success');
  const offered = fleet.offers();
  let sha = '';
  await fleet.kill(() => {
    rmSync(fleet.dataDir, { recursive: true });
    cpSync(old, fleet.dataDir, { recursive: true });
    sha = fleet.repo.commit(change('9s'));
  });
  await fleet.status(sha, 'success');
  await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 20_000);
  expect(fleet.offers(), 'each was offered the new config and nothing else').toEqual(
    offered.map((offers) => offers + 1),
  );
});
