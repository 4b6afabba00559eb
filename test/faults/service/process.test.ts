import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Page, RevisionView } from '../../../src/http-api/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { createSimulatedAgent, type SimulatedAgent } from '../../../src/simulator/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { startGithub } from '../../support/git-host-github.ts';
import { makeRepo, makeTemporaryDir } from '../../support/git-repo.ts';
import { seed } from '../../support/property.ts';
import { connectRawAgent } from '../../support/raw-agent.ts';
import { startServeProcess } from '../../support/serve-process.ts';
import { collectorText, oneTenant } from '../../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' };
const canary = 'CANARY-7f3a91-do-not-leak';

function flagsFor(folder: string, repo: string) {
  return { repo, 'data-dir': join(folder, 'data'), opamp: '127.0.0.1:0', http: '127.0.0.1:0', poll: '1s' };
}

/** A seeded generator, so that a failing run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe('the process', () => {
  it('24 SIGTERM: not ready, agents closed with 1001, everything flushed, exit 0', async () => {
    using folder = makeTemporaryDir();
    const repo = makeRepo(join(folder.path, 'repo'));
    repo.commit(oneTenant);
    const service = await startServeProcess(flagsFor(folder.path, repo.dir));
    const agent = await connectRawAgent(service.opampUrl);
    await agent.send({
      uid: uidOf(7),
      sequence: 0,
      description: descriptionOf(attributes),
      health: healthOf(true),
    });
    const code = await service.end('SIGTERM');
    expect(code, service.output()).toBe(0);
    expect(agent.closed()).toBe(1001);
    expect(service.output()).toContain('"msg":"stopped"');
    const again = await startServeProcess(flagsFor(folder.path, repo.dir));
    const { items } = (await (await fetch(new URL('/api/v1/agents', again.httpUrl))).json()) as Page<unknown>;
    expect(items).toMatchObject([{ uid: uidOf(7), connected: false }]);
    expect(await again.end('SIGTERM')).toBe(0);
  });

  it('24 a second SIGTERM ends it at once', async () => {
    using folder = makeTemporaryDir();
    const repo = makeRepo(join(folder.path, 'repo'));
    repo.commit(oneTenant);
    const service = await startServeProcess(flagsFor(folder.path, repo.dir));
    const agents = await Promise.all(Array.from({ length: 20 }, () => connectRawAgent(service.opampUrl)));
    expect(agents).toHaveLength(20);
    service.child.kill('SIGTERM');
    await eventually(() => agents.some((agent) => agent.closed() !== undefined));
    expect(await service.end('SIGTERM')).toBe(130);
  });

  const kills = Number(process.env.MUSTER_FAULT_SEEDS ?? 10);
  it(`25 kill -9 at ${kills} random points: same final state, nothing lost, no status repeated`, {
    timeout: 60_000 + kills * 10_000,
  }, async () => {
    process.stdout.write(`seed ${seed}\n`);
    const random = createRandom(seed);
    using folder = makeTemporaryDir();
    const repo = makeRepo(join(folder.path, 'repo'));
    const github = await startGithub();
    const known = (sha: string) => {
      github.addCommit(sha);
      return sha;
    };
    known(repo.commit(oneTenant));
    const environment = {
      MUSTER_STATUS_TOKEN: 'gh-token',
      MUSTER_STATUS_HOST: 'github',
      MUSTER_STATUS_API_URL: github.apiUrl,
      MUSTER_STATUS_REPO: 'acme/fleet',
    };
    let service = await startServeProcess(flagsFor(folder.path, repo.dir), environment);
    const flags = { ...flagsFor(folder.path, repo.dir), opamp: new URL(service.opampUrl).host };
    const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
    const agents: SimulatedAgent[] = Array.from({ length: 6 }, (_, index) =>
      createSimulatedAgent(
        {
          url: service.opampUrl.replace(/^http/, 'ws'),
          attributes: { ...attributes, 'host.name': `web-${index}` },
          applyDelayMs: 30,
          firstRetryMs: 50,
          longestRetryMs: 200,
        },
        deps,
      ),
    );
    let head = '';
    for (let round = 0; round < kills; round += 1) {
      head = known(repo.commit({ 'edge/collector.yaml': collectorText(`${100 + round}s`) }));
      const wait = Math.round(random() * 1_500);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await service.end('SIGKILL');
      service = await startServeProcess(flags, environment);
    }
    await eventuallyHolds(async () => {
      const { items } = (await (await fetch(new URL('/api/v1/agents', service.httpUrl))).json()) as Page<{
        delivery: string;
        sync: string;
        desiredHash: string;
      }>;
      expect(items.map(({ delivery, sync }) => `${delivery} ${sync}`)).toEqual(
        Array(6).fill('applied Synced'),
      );
      expect(new Set(items.map(({ desiredHash }) => desiredHash)).size).toBe(1);
    }, 20_000);
    await eventuallyHolds(
      () => expect(github.records(head, 'muster/fleet').at(-1)?.state).toBe('success'),
      // Statuses of every commit are owed, and go out at one a second.
      20_000 + kills * 4_000,
    );
    const statuses = (await (
      await fetch(new URL('/api/v1/revisions', service.httpUrl))
    ).json()) as Page<RevisionView>;
    for (const { sha } of statuses.items) {
      for (const context of new Set(github.records(sha).map((record) => record.context))) {
        const records = github
          .records(sha, context)
          .map(({ state, description }) => `${state} ${description}`);
        for (const [index, record] of records.entries())
          expect(record, `${context} of ${sha} repeated`).not.toBe(records[index - 1]);
        const verdicts = records.filter((record) => !record.startsWith('pending'));
        expect(new Set(verdicts).size, `${context} of ${sha}: ${verdicts.join(' | ')}`).toBeLessThanOrEqual(
          1,
        );
      }
    }
    for (const agent of agents)
      expect(agent.state().offers, 'nobody was sent what it had').toBeLessThanOrEqual(kills + 1);
    for (const agent of agents) agent.stop();
    await service.end('SIGTERM');
    await github.server.close();
  });

  it('38 no planted secret leaves by log, API, metrics, status or note', async () => {
    using folder = makeTemporaryDir();
    const repo = makeRepo(join(folder.path, 'repo'));
    const sha = repo.commit(oneTenant);
    const environment = {
      MUSTER_GIT_PASSWORD: `${canary}-git`,
      MUSTER_API_TOKENS: `operator:*:${canary}-api`,
    };
    const service = await startServeProcess(
      { ...flagsFor(folder.path, repo.dir), 'log-level': 'trace' },
      environment,
    );
    const agent = await connectRawAgent(service.opampUrl, `${canary}-token`);
    await agent.send({
      uid: uidOf(7),
      sequence: 0,
      description: descriptionOf(attributes),
      health: healthOf(true),
    });
    const hash = await agent.offer(1);
    const effective = `${collectorText()}extensions:\n  basicauth: {client_auth: {username: u, password: ${canary}-config}}\n`;
    await agent.send({
      uid: uidOf(7),
      sequence: 1,
      remoteConfigStatus: { hash, state: 'applied', errorMessage: `password=${canary}-error` },
      effectiveConfig: {
        files: [{ key: '', contentType: 'text/yaml', body: new TextEncoder().encode(effective) }],
      },
    });
    const headers = { authorization: `Bearer ${canary}-api` };
    const read = async (path: string) => (await fetch(new URL(path, service.httpUrl), { headers })).text();
    await eventually(async () => (await read('/api/v1/agents')).includes('"Synced"'));
    await eventually(() => repo.git('notes', '--ref=muster', 'list').includes(sha), 20_000);
    const paths = [
      '/api/v1/fleet',
      '/api/v1/agents',
      `/api/v1/agents/${uidOf(7)}`,
      `/api/v1/agents/${uidOf(7)}/diff`,
      '/api/v1/revisions',
      `/api/v1/revisions/${sha}?full=1`,
      '/api/v1/events/history',
      '/api/v1/problems',
      '/metrics',
      '/readyz',
    ];
    for (const path of paths) expect(await read(path), path).not.toContain(canary);
    expect(repo.git('notes', '--ref=muster', 'show', sha)).not.toContain(canary);
    expect(
      (await fetch(new URL('/api/v1/fleet', service.httpUrl), { headers: { authorization: 'Bearer wrong' } }))
        .status,
    ).toBe(401);
    await service.end('SIGTERM');
    expect(service.output()).not.toContain(canary);
    expect(service.output()).toContain('"msg":"stopped"');
  });
});
