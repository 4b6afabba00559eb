import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { AgentView, Page } from '../../../src/http-api/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { createSimulatedAgent } from '../../../src/simulator/index.ts';
import { findFreePort } from '../../support/cli-process.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { makeRepo, makeTemporaryDir } from '../../support/git-repo.ts';
import { spawnServeProcess, startServeProcess } from '../../support/serve-process.ts';
import { collectorText, oneTenant } from '../../support/service.ts';

/** Processes whose parent this is and which hold sockets. */
function socketProcessesOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${one}/stat`, 'utf8')) ?? [];
        return (
          Number(parent) === pid && readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('relay-worker')
        );
      } catch {
        return false;
      }
    });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startWithWorkers(agentCount: number) {
  const folder = makeTemporaryDir();
  const repo = makeRepo(join(folder.path, 'repo'));
  repo.commit(oneTenant);
  const service = await startServeProcess({
    ...{ repo: repo.dir, 'data-dir': join(folder.path, 'data'), poll: '1s', workers: '2' },
    // Any free port would be another one once every socket process is gone.
    ...{ opamp: `127.0.0.1:${await findFreePort()}`, http: '127.0.0.1:0' },
  });
  const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
  const agents = Array.from({ length: agentCount }, (_, index) =>
    createSimulatedAgent(
      {
        url: service.opampUrl.replace(/^http/, 'ws'),
        attributes: { 'service.name': 'otelcol', 'host.name': `web-${index}`, env: 'prod' },
        ...{ applyDelayMs: 20, firstRetryMs: 50, longestRetryMs: 500 },
      },
      deps,
    ),
  );
  onTestFinished(async () => {
    for (const agent of agents) agent.stop();
    await service.end('SIGKILL');
    folder.remove();
  });
  const converged = () =>
    eventuallyHolds(async () => {
      const answer = await fetch(new URL('/api/v1/agents', service.httpUrl));
      const { items } = (await answer.json()) as Page<AgentView>;
      expect(items.filter(({ connected, sync }) => connected && sync === 'Synced')).toHaveLength(agentCount);
    }, 30_000);
  await converged();
  return { service, repo, agents, converged };
}

it('socket processes that are killed are started again, and their agents are sent nothing that they have', async () => {
  const { service, repo, agents, converged } = await startWithWorkers(12);
  // Both, since the kernel may have given every connection to one.
  const victims = socketProcessesOf(service.child.pid ?? 0);
  expect(victims).toHaveLength(2);
  const offers = agents.map((agent) => agent.state().offers);
  for (const victim of victims) process.kill(victim, 'SIGKILL');
  await eventually(() => agents.some((agent) => !agent.state().connected), 10_000, 5);
  await converged();
  await eventually(() => socketProcessesOf(service.child.pid ?? 0).length === 2);
  expect(agents.map((agent) => agent.state().offers)).toEqual(offers);
  repo.commit({ 'edge/collector.yaml': collectorText('9s') });
  await eventuallyHolds(
    () => expect(agents.map((agent) => agent.state().offers)).toEqual(offers.map((count) => count + 1)),
    30_000,
  );
  await converged();
  expect(await service.end('SIGTERM')).toBe(0);
  expect(service.output()).toContain('a socket process ended');
});

it('socket processes end with the one that decides, however it ends', async () => {
  const { service } = await startWithWorkers(2);
  const workers = socketProcessesOf(service.child.pid ?? 0);
  expect(workers).toHaveLength(2);
  await service.end('SIGKILL');
  await eventually(() => !workers.some(isRunning), 10_000);
});

it('an address that is in use is told by the first process', async () => {
  const { service } = await startWithWorkers(1);
  const { port } = new URL(service.opampUrl);
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const repo = makeRepo(join(folder.path, 'repo'));
  repo.commit(oneTenant);
  const second = spawnServeProcess({
    ...{ repo: repo.dir, 'data-dir': join(folder.path, 'data'), workers: '2' },
    ...{ opamp: `127.0.0.1:${port}`, http: '127.0.0.1:0' },
  });
  await eventually(() => second.child.exitCode !== null, 30_000);
  expect(second.child.exitCode).toBe(2);
  expect(second.output()).toContain('OPAMP_LISTEN_FAILED');
});
