import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hashToken } from '../../../src/credentials/index.ts';
import type { Plan } from '../../../src/model/index.ts';
import { runCommand } from '../../support/console.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { makeRepo, makeTemporaryDir, type TestRepo } from '../../support/git-repo.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';
import { createAgeKey, writeSopsFile } from '../../support/sops.ts';

const edge = 'edge/collector.yaml';
let repo: TestRepo;

beforeEach(() => {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  repo = makeRepo(join(folder.path, 'fleet'));
  repo.commit(oneTenant, 'Base');
});

const plan = (...args: readonly string[]) => runCommand(['plan', ...args], { directory: repo.dir });

describe('plan', () => {
  it('compares the work tree as it is on disk with a base', async () => {
    writeFileSync(join(repo.dir, edge), collectorText('9s'));
    const { out, err, exit } = await plan('--base', 'HEAD');
    expect(exit).toBe(0);
    expect(out).toMatch(/^[0-9a-f]{7} -> [0-9a-f]{7} {2}1 of 1 example agent in 1 tenant change$/m);
    expect(out).toContain('-    timeout: 5s\n  +    timeout: 9s');
    expect(err).toContain('--inventory or --server');
  });

  it('says that nothing changes', async () => {
    const { out, exit } = await plan('--base', 'main');
    expect([out, exit]).toEqual([
      expect.stringContaining('no example agent changes (1 example agent known)'),
      0,
    ]);
  });

  it('takes commits by tag, remote branch, full sha, and so many before', async () => {
    const first = repo.git('rev-parse', 'HEAD');
    repo.git('tag', '-a', 'v1', '-m', 'v1');
    repo.git('update-ref', 'refs/remotes/origin/release', first);
    repo.commit({ [edge]: collectorText('9s') });
    for (const base of ['v1', 'origin/release', 'release', first, 'HEAD~1', 'main^']) {
      const { out } = await plan('--base', base, '--head', 'main', '--format', 'json');
      expect([base, (JSON.parse(out) as Plan).blast.agents]).toEqual([base, 1]);
    }
  });

  it('plans what a merge would bring: what the base got meanwhile is not undone', async () => {
    repo.git('checkout', '--quiet', '-b', 'change');
    repo.commit({ 'README.md': 'words\n' });
    repo.git('checkout', '--quiet', 'main');
    repo.commit({ [edge]: collectorText('9s') });
    const { out } = await plan('--base', 'main', '--head', 'change', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ state: 'ok', blast: { agents: 0 } });
  });

  it('exits 1 for errors and conflicts that the change brings, not for those of its base', async () => {
    repo.git('checkout', '--quiet', '-b', 'change');
    repo.commit({ [edge]: collectorText('8s') });
    repo.git('checkout', '--quiet', 'main');
    repo.commit({ [edge]: collectorText('9s') });
    const clash = await plan('--base', 'main', '--head', 'change');
    expect(clash).toMatchObject({ exit: 1, out: expect.stringContaining(`Does not merge\n  ${edge}`) });

    writeFileSync(join(repo.dir, edge), collectorText().replace('[debug]', '[debgu]'));
    const broken = await plan('--base', 'main');
    expect(broken).toMatchObject({ exit: 1, out: expect.stringContaining('OC011') });
    repo.commit({});
    expect(await plan('--base', 'main')).toMatchObject({ exit: 0 });
  });

  it('reads a fleet repo that is a folder of a larger one', async () => {
    mkdirSync(join(repo.dir, 'fleet'));
    repo.commit({ 'fleet/edge.yaml': oneTenant['edge.yaml'], 'fleet/edge/collector.yaml': collectorText() });
    writeFileSync(join(repo.dir, 'fleet', edge), collectorText('9s'));
    const { out } = await plan('fleet', '--base', 'main', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ blast: { agents: 1 } });
  });

  it.each([
    ['--base nonsense is no branch', ['--base', 'nonsense']],
    ['--inventory or --server, not both', ['--base', 'main', '--inventory', 'x', '--server', 'http://y']],
    ['INVENTORY_UNREADABLE', ['--base', 'main', '--inventory', 'none.json']],
  ])('says in one line: %s', async (text, args) => {
    const { err, exit } = await plan(...args);
    expect([err.trim().split('\n'), exit]).toEqual([[expect.stringContaining(text)], 2]);
  });

  it('colours only on a terminal', async () => {
    writeFileSync(join(repo.dir, edge), collectorText('9s'));
    const options = { directory: repo.dir, terminal: true };
    const { out } = await runCommand(['plan', '--base', 'main'], options);
    expect(out).toContain('\u001b[32m');
    expect((await plan('--base', 'main')).out).not.toContain('\u001b');
  });

  it('needs no key of a tenant, and shows none of its secrets', async () => {
    const { recipient } = await createAgeKey();
    const secrets = await writeSopsFile({ token: 'CANARY-5c1e' }, { recipients: [recipient] });
    const withSecret = (timeout: string) =>
      collectorText(timeout).replace(
        'debug: {}',
        'debug: {}\n  otlp_http: {endpoint: https://b.example.com, headers: {x-key: $(secrets.token)}}',
      );
    repo.commit({ 'secrets.sops.yaml': secrets, [edge]: withSecret('5s') });
    writeFileSync(join(repo.dir, edge), withSecret('9s'));
    const { out, exit } = await plan('--base', 'main', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ state: 'ok', refused: [], blast: { agents: 1 } });
    expect([exit, out.includes('CANARY')]).toEqual([0, false]);
  });

  it('takes the agents of a running server, and knows what they run and came in with', async () => {
    const token = 'token-of-the-hosts';
    const enrolled = (...names: readonly string[]) =>
      `kind: Tenant\nenrollment:\n${names.map((name) => `  - {name: ${name}, tokenSha256: ${hashToken(`token-of-the-${name}`)}}\n`).join('')}`;
    const files = { ...oneTenant, 'tenant.yaml': enrolled('hosts', 'pods') };
    await using service = await startTestService({ files });
    for (const host of ['web-1', 'web-2'])
      service.agent({ token, attributes: { 'service.name': 'otelcol', 'host.name': host } });
    await eventuallyHolds(
      async () => expect(await service.agents('delivery=applied')).toHaveLength(2),
      20_000,
    );
    writeFileSync(join(service.repo.dir, edge), collectorText('9s'));
    writeFileSync(join(service.repo.dir, 'tenant.yaml'), enrolled('pods'));
    const args = ['plan', '--base', 'main', '--server', service.app().httpUrl, '--format', 'json'];
    const { out, err } = await runCommand(args, { directory: service.repo.dir });
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      blast: { agents: 2, ofAgents: 2 },
      firstAdoptions: [],
      credentialsGoing: [{ credential: 'hosts', agents: 2 }],
    });
  });
});
