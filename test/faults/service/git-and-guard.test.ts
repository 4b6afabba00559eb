import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventuallyHolds } from '../../support/eventually.ts';
import { makeRepo } from '../../support/git-repo.ts';
import { collectorText, oneTenant, startTestService, type TestService } from '../../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0' };

function startAgents(service: TestService, count: number) {
  return Array.from({ length: count }, (_, index) =>
    service.agent({ attributes: { ...attributes, 'host.name': `web-${index}` } }),
  );
}

async function settled(service: TestService, count: number) {
  await eventuallyHolds(async () => {
    const agents = await service.agents();
    expect(agents.filter(({ delivery, sync }) => delivery === 'applied' && sync === 'Synced')).toHaveLength(
      count,
    );
  }, 15_000);
}

describe('faults of Git and of what is committed', () => {
  it('31, 40 a repo that is emptied, or assigns nobody, is held until an operator approves it', async () => {
    await using service = await startTestService({ files: oneTenant });
    const agents = startAgents(service, 5);
    await settled(service, 5);
    const emptied = service.repo.commit(
      { 'edge.yaml': undefined, 'edge/collector.yaml': undefined, 'README.txt': 'gone' },
      'Empty it',
    );
    const held = await service.status(emptied, 'muster/fleet', 'pending');
    expect(held.description).toBe(
      `held: empties the repo, removes 5 of 5 agents; muster approve ${emptied.slice(0, 7)}`,
    );
    expect(agents.map((agent) => agent.state().offers)).toEqual([1, 1, 1, 1, 1]);
    const [one] = await service.agents();
    expect(one).toMatchObject({ delivery: 'applied', config: 'edge' });

    const refused = await service.post('/api/v1/approve/0000000', { reason: 'typo' });
    expect(refused.status).toBe(404);
    const approved = await service.post(`/api/v1/approve/${emptied.slice(0, 9)}`, {
      reason: 'we move to another server',
    });
    expect(approved.status).toBe(202);
    await eventuallyHolds(async () =>
      expect((await service.agents()).map(({ delivery }) => delivery)).toEqual(Array(5).fill('orphaned')),
    );
    expect(
      agents.map((agent) => agent.state().offers),
      'never an empty config',
    ).toEqual([1, 1, 1, 1, 1]);
  });

  it('40 a selector that stops to match most of a tenant is held; one that lets go of a few is not', async () => {
    await using service = await startTestService({ files: oneTenant });
    startAgents(service, 5);
    await settled(service, 5);
    const config = (name: string) =>
      `kind: AgentConfig\nselector:\n  matchLabels: {service.name: ${name}}\nconfig: edge/collector.yaml\nrollout: immediate\n`;
    const wrong = service.repo.commit({ 'edge.yaml': config('otelcoll') });
    expect((await service.status(wrong, 'muster/fleet', 'pending')).description).toContain(
      'removes 5 of 5 agents',
    );
    const few = `kind: AgentConfig\nselector:\n  matchExpressions: [{key: host.name, operator: NotIn, values: [web-0, web-1, web-2]}]\nconfig: edge/collector.yaml\nrollout: immediate\n`;
    const mended = service.repo.commit({ 'edge.yaml': few });
    await service.status(mended, 'muster/fleet', 'success');
    await eventuallyHolds(async () => expect(await service.agents('delivery=orphaned')).toHaveLength(3));
  });

  it('31 a force-push and a deleted branch never empty the fleet, and it recovers alone', async () => {
    await using service = await startTestService({ files: oneTenant });
    const [agent] = startAgents(service, 1);
    await settled(service, 1);
    service.repo.git('checkout', '--quiet', '--orphan', 'other');
    service.repo.commit({ 'edge/collector.yaml': collectorText('8s') }, 'Rewritten');
    service.repo.git('branch', '-D', 'main');
    await eventuallyHolds(async () =>
      expect((await service.fleet()).poll).toMatchObject({ error: { code: 'GIT_REF_MISSING' } }),
    );
    expect(await (await fetch(new URL('/readyz', service.app().httpUrl))).json()).toMatchObject({
      git: { code: 'GIT_REF_MISSING', hint: expect.any(String) },
    });
    expect((await service.agents())[0]).toMatchObject({ delivery: 'applied', connected: true });
    service.repo.git('branch', '-M', 'main');
    const rewritten = service.repo.git('rev-parse', 'HEAD');
    await service.status(rewritten, 'muster/fleet', 'success');
    expect(agent?.state().offers).toBe(2);
  });

  it('30 a remote that goes away keeps last good in force, also over a restart', async () => {
    await using service = await startTestService({ files: oneTenant });
    const [agent] = startAgents(service, 1);
    await settled(service, 1);
    rmSync(service.repo.dir, { recursive: true });
    await eventuallyHolds(async () =>
      expect((await service.fleet()).poll).toMatchObject({ failingSince: expect.any(Number) }),
    );
    await service.restart();
    await eventuallyHolds(
      async () => expect((await service.agents())[0]).toMatchObject({ delivery: 'applied', connected: true }),
      20_000,
    );
    expect(agent?.state().offers).toBe(1);
    const late = service.agent({ attributes: { ...attributes, 'host.name': 'late' } });
    await eventuallyHolds(() => expect(late.state().status).toBe('applied'));
  });

  it('36 our own notes trigger no pass', async () => {
    await using service = await startTestService({ files: oneTenant });
    startAgents(service, 1);
    const head = service.repo.git('rev-parse', 'HEAD');
    await service.status(head, 'muster/fleet', 'success');
    await service.note(head);
    const { poll } = await service.fleet();
    await eventuallyHolds(async () => {
      const next = (await service.fleet()).poll as { lastSuccessAt: number; revision: string };
      expect(next.lastSuccessAt).toBeGreaterThan((poll as { lastSuccessAt: number }).lastSuccessAt);
      expect(next.revision).toBe(head);
    });
  });

  it('39 without store and Git the endpoint answers 503 with Retry-After, never 401, and recovers alone', async () => {
    await using service = await startTestService({ files: oneTenant });
    await service.stop();
    const dir = service.repo.dir;
    rmSync(service.dataDir, { recursive: true });
    rmSync(dir, { recursive: true });
    makeRepo(dir);
    await service.restart();
    const answer = await fetch(service.app().opampUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(),
    });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(30);
    expect((await fetch(new URL('/readyz', service.app().httpUrl))).status).toBe(503);
    service.repo.commit(oneTenant);
    await eventuallyHolds(
      async () => expect((await fetch(new URL('/readyz', service.app().httpUrl))).status).toBe(200),
      15_000,
    );
  });

  it.each([
    ['bad YAML', 'tenants/acme/edge.yaml', 'kind: AgentConfig\nselector: [\n', 'edge.yaml:3:1'],
    [
      'an unknown key',
      'tenants/acme/edge.yaml',
      'kind: AgentConfig\nselecter: {}\nconfig: body.yaml\nrollout: immediate\n',
      'edge.yaml:',
    ],
    [
      'a body that is not there',
      'tenants/acme/edge.yaml',
      'kind: AgentConfig\nselector: {}\nconfig: nobody.yaml\nrollout: immediate\n',
      'edge.yaml:3:9',
    ],
    ['a tab', 'tenants/acme/body.yaml', 'receivers:\n\totlp: {}\n', 'body.yaml:2:1'],
  ])(
    '32 %s in one tenant keeps its last good, with file, line and column, and stops nobody else',
    async (_name, path, text, place) => {
      const tenant = (name: string, token: string, marker: string) => ({
        [`tenants/${name}/tenant.yaml`]: `kind: Tenant\nenrollment:\n  - {name: a, tokenSha256: ${token}}\n`,
        [`tenants/${name}/edge.yaml`]:
          'kind: AgentConfig\nselector: {}\nconfig: body.yaml\nrollout: immediate\n',
        [`tenants/${name}/body.yaml`]: collectorText(marker),
      });
      const [alice, bob] = [
        '2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90',
        '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9',
      ];
      await using service = await startTestService({
        files: { ...tenant('acme', alice, '1s'), ...tenant('globex', bob, '1s') },
      });
      const one = service.agent({ attributes, token: 'alice' });
      const two = service.agent({ attributes, token: 'bob' });
      const first = service.repo.git('rev-parse', 'HEAD');
      await service.status(first, 'muster/fleet', 'success');
      const sha = service.repo.commit({ [path]: text, 'tenants/globex/body.yaml': collectorText('2s') });
      const status = await service.status(sha, 'muster/acme', 'failure');
      expect(status.description).toContain(`keeps ${first.slice(0, 7)}`);
      expect(status.description).toContain(place);
      await service.status(sha, 'muster/globex', 'success');
      expect([one.state().offers, two.state().offers]).toEqual([1, 2]);
    },
  );

  it('33 a YAML bomb, a million keys, tabs and NUL are problems of their file, in bounded time', async () => {
    await using service = await startTestService({ files: oneTenant });
    startAgents(service, 1);
    await settled(service, 1);
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghijk'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`)
      .join('\n')}\n`;
    for (const body of [
      bomb,
      '\tx: 1\n',
      'a: \0\n',
      `${'k: {'.repeat(5_000)}`,
      Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n'),
    ]) {
      const sha = service.repo.commit({ 'edge/collector.yaml': body });
      const status = await service.status(sha, 'muster/fleet', 'failure');
      expect(status.description).toMatch(/problems?, keeps [0-9a-f]{7}: edge/);
    }
    const mended = service.repo.commit({ 'edge/collector.yaml': collectorText('6s') });
    await service.status(mended, 'muster/fleet', 'success');
  });
});

describe('who may write what', () => {
  it('27 a store that is garbage is set aside, and what it knew comes back from Git and the agents', async () => {
    await using service = await startTestService({ files: oneTenant });
    const [agent] = startAgents(service, 1);
    await settled(service, 1);
    await service.stop();
    for (const name of readdirSync(service.dataDir).filter((one) => one.startsWith('muster.db')))
      writeFileSync(join(service.dataDir, name), 'this is no database'.repeat(1_000));
    await service.restart();
    await settled(service, 1);
    expect(agent?.state().offers, 'nobody is sent what it has').toBe(1);
    expect(JSON.stringify((await service.fleet()).store)).toContain('corrupt');
    expect(readdirSync(service.dataDir).some((name) => name.includes('corrupt'))).toBe(true);
  });

  it('41 a store restored from an earlier backup moves no agent back', async () => {
    await using service = await startTestService({ files: oneTenant });
    const [agent] = startAgents(service, 1);
    await settled(service, 1);
    await service.stop();
    const backup = join(service.dataDir, '..', 'backup');
    cpSync(service.dataDir, backup, { recursive: true });
    await service.restart();
    const second = service.repo.commit({ 'edge/collector.yaml': collectorText('12s') });
    await service.status(second, 'muster/fleet', 'success');
    const hash = agent?.state().hash;
    await service.stop();
    rmSync(service.dataDir, { recursive: true });
    cpSync(backup, service.dataDir, { recursive: true });
    const away = `${service.repo.dir}-away`;
    renameSync(service.repo.dir, away);
    await service.restart();
    await eventuallyHolds(
      async () => expect((await service.agents())[0]).toMatchObject({ connected: true, delivery: 'held' }),
      20_000,
    );
    expect(agent?.state(), 'while Git is away the agent keeps what it has').toMatchObject({
      offers: 2,
      hash,
    });
    renameSync(away, service.repo.dir);
    await eventuallyHolds(
      async () =>
        expect((await service.agents())[0]).toMatchObject({
          delivery: 'applied',
          connected: true,
          desiredHash: hash,
        }),
      20_000,
    );
    expect(agent?.state()).toMatchObject({ offers: 2, hash });
  });
});
