import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventuallyHolds } from '../support/eventually.ts';
import { startGithub } from '../support/git-host-github.ts';
import { startGitHttpServer } from '../support/git-http-server.ts';
import { collectorText, oneTenant, startTestService } from '../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' };
const careful = `kind: Rollout
steps: [{name: all, percent: 100, soak: 0s}]
`;

it('a failed rollout is proposed to be taken back, once, with the evidence; merging it mends the fleet', async () => {
  const host = await startGithub();
  host.setToken('canary-token');
  const files = {
    ...oneTenant,
    'fleet.yaml': 'kind: Fleet\nrevertPullRequest: true\n',
    'careful.yaml': careful,
    'edge.yaml': `${oneTenant['edge.yaml']?.replace(/^rollout:.*\n/m, '')}rollout: careful\n`,
  };
  const service = await startTestService({
    files,
    environment: {
      MUSTER_STATUS_HOST: 'github',
      MUSTER_STATUS_API_URL: host.apiUrl,
      MUSTER_STATUS_REPO: host.repo,
      MUSTER_STATUS_TOKEN: 'canary-token',
      MUSTER_PUBLIC_URL: 'https://muster.example',
    },
  });
  const { repo } = service;
  const server = await startGitHttpServer({ root: join(repo.dir, '..') });
  onTestFinished(async () => {
    await service[Symbol.asyncDispose]();
    await server.close();
    await host.server.close();
  });
  const remote = { repo: `${server.origin}/repo/.git` };
  await service.restart(remote);
  const first = repo.git('rev-parse', 'HEAD');
  host.addCommit(first);
  service.agent({ attributes, refuse: (body) => (body.includes('66s') ? 'exit code 1' : undefined) });
  await service.status(first, 'muster/fleet', 'success');

  const bad = repo.commit({ 'edge/collector.yaml': collectorText('66s') }, 'Raise the timeout');
  host.addCommit(bad);
  await service.status(bad, 'muster/fleet', 'failure');
  const branch = `muster/revert-${bad.slice(0, 7)}`;
  await eventuallyHolds(() => expect(host.forge.pulls()).toHaveLength(1), 20_000);
  expect(host.forge.pull(1)).toMatchObject({
    headBranch: branch,
    base: 'main',
    title: `Revert ${bad.slice(0, 7)}: Raise the timeout`,
    body: expect.stringMatching(/`default`: `1 failed: web-1[^`]*` of 1 agent\n[\s\S]*muster\.example\/r\//),
  });
  expect(repo.git('rev-parse', `${branch}^{tree}`)).toBe(repo.git('rev-parse', `${first}^{tree}`));

  await service.restart(remote);
  repo.git('merge', '--quiet', '--no-ff', '-m', `Merge pull request #1 from acme/${branch}`, branch);
  const mended = repo.git('rev-parse', 'HEAD');
  host.addCommit(mended);
  await service.status(mended, 'muster/fleet', 'success');
  expect(host.forge.pulls()).toHaveLength(1);
}, 60_000);
