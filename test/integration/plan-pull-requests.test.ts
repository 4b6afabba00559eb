import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/index.ts';
import { eventuallyHolds } from '../support/eventually.ts';
import { startGithub } from '../support/git-host-github.ts';
import type { GitHostStandIn } from '../support/git-host-stand-in.ts';
import { collectorText, oneTenant, startTestService, type TestService } from '../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' };
const secret = 'webhook-secret';

interface Scene {
  readonly host: GitHostStandIn;
  readonly service: TestService;
  /** Commits on a branch and opens a pull request for it, or moves that of an earlier call. */
  propose(number: number, files: Readonly<Record<string, string>>, fork?: boolean): string;
  /** Calls the webhook as GitHub would. */
  tell(event: string, signedWith?: string): Promise<Response>;
  standing(sha: string): Readonly<Record<string, string>>;
}

async function startScene(): Promise<Scene> {
  const host = await startGithub();
  host.setToken('canary-token');
  const service = await startTestService({
    files: oneTenant,
    environment: {
      MUSTER_STATUS_HOST: 'github',
      MUSTER_STATUS_API_URL: host.apiUrl,
      MUSTER_STATUS_REPO: host.repo,
      MUSTER_STATUS_TOKEN: 'canary-token',
      MUSTER_WEBHOOK_SECRET: secret,
      MUSTER_PUBLIC_URL: 'https://muster.example',
    },
  });
  onTestFinished(async () => {
    await service[Symbol.asyncDispose]();
    await host.server.close();
  });
  host.addCommit(service.repo.git('rev-parse', 'HEAD'));
  service.agent({ attributes });
  await eventuallyHolds(async () => expect(await service.agents('delivery=applied')).toHaveLength(1), 20_000);
  let deliveries = 0;
  return {
    host,
    service,
    propose(number, files, fork = false) {
      const { repo } = service;
      repo.git('checkout', '--quiet', '-B', `change-${number}`, 'main');
      const sha = repo.commit(files, `Change ${number}`);
      repo.git('checkout', '--quiet', 'main');
      host.addCommit(sha);
      host.forge.open({ number, head: sha, headBranch: `change-${number}`, fork });
      return sha;
    },
    tell(event, signedWith = secret) {
      deliveries += 1;
      const body = JSON.stringify({ action: 'synchronize', number: deliveries });
      const signature = createHmac('sha256', signedWith).update(body).digest('hex');
      return fetch(`${service.app().httpUrl}/api/v1/webhooks/github`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': event,
          'x-github-delivery': `d${deliveries}`,
          'x-hub-signature-256': `sha256=${signature}`,
        },
        body,
      });
    },
    standing: (sha) =>
      Object.fromEntries(
        host.records(sha).map(({ context, state, description }) => [context, `${state}: ${description}`]),
      ),
  };
}

describe('pull requests', { timeout: 60_000 }, () => {
  it('get two statuses on every head and one comment that is kept up to date', async () => {
    const { host, service, propose, tell, standing } = await startScene();
    const first = propose(7, { 'edge/collector.yaml': collectorText('9s') });
    expect((await tell('pull_request')).status).toBe(202);
    await eventuallyHolds(() => {
      expect(standing(first)).toEqual({
        'muster/plan': 'success: 1/1 agents change in 1 tenant',
        'muster/validate': 'success: no new problems',
      });
    }, 20_000);
    await eventuallyHolds(
      () => expect(host.forge.comments(7)[0]?.body).toContain('+    timeout: 9s'),
      20_000,
    );
    const plan = await service.get<Plan>(`/api/v1/plans/${first}`);
    expect(plan).toMatchObject({ sha: first, blast: { agents: 1, ofAgents: 1 }, state: 'ok' });
    expect(host.records(first, 'muster/plan').at(-1)?.targetUrl).toBe(
      `https://muster.example/plans/${first}`,
    );

    const second = propose(7, { 'edge/collector.yaml': collectorText('5s'), 'README.md': 'no change\n' });
    await tell('pull_request');
    await eventuallyHolds(
      () => expect(standing(second)['muster/plan']).toBe('success: no agent changes'),
      20_000,
    );
    expect(host.forge.comments(7)).toHaveLength(1);
  });

  it('fail for what they bring, and say when they do not merge; a stranger sees no value', async () => {
    const { host, service, propose, tell, standing } = await startScene();
    const broken = propose(1, { 'edge/collector.yaml': collectorText().replace('[debug]', '[debgu]') });
    const clashing = propose(2, { 'edge/collector.yaml': collectorText('8s') });
    const strange = propose(3, { 'edge.yaml': `${oneTenant['edge.yaml']}attempt: 2\n` }, true);
    const other = 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\n';
    const overlapping = propose(4, { 'other.yaml': other });
    const base = service.repo.commit({ 'edge/collector.yaml': collectorText('7s') });
    host.addCommit(base);
    await tell('push');
    await eventuallyHolds(() => {
      expect(standing(clashing)).toMatchObject({
        'muster/plan': 'failure: does not merge: edge/collector.yaml',
      });
      expect(standing(strange)).toMatchObject({ 'muster/plan': 'success: 1/1 agents change in 1 tenant' });
    }, 40_000);
    await eventuallyHolds(() => {
      expect(standing(broken)['muster/validate']).toMatch(/^failure: /);
      expect(host.forge.comments(3)[0]?.body).toContain('1 distinct change not shown here');
      expect(host.forge.comments(3)[0]?.body).not.toContain('timeout');
      expect(standing(overlapping)['muster/plan']).toMatch(/^failure: .*conflict/);
      expect(host.forge.comments(4)[0]?.body).toContain('`edge` and `other` of `default` both match 1 agent');
    }, 40_000);
  });

  it('are planned on the commits of a merge queue too', async () => {
    const { host, service, tell, standing } = await startScene();
    const { repo } = service;
    repo.git('checkout', '--quiet', '-b', 'gh-readonly-queue/main/pr-7-abc');
    const queued = repo.commit({ 'edge/collector.yaml': collectorText('9s') }, 'Queued');
    repo.git('checkout', '--quiet', 'main');
    host.addCommit(queued);
    await tell('merge_group');
    await eventuallyHolds(
      () =>
        expect(standing(queued)).toEqual({
          'muster/plan': 'success: 1/1 agents change in 1 tenant',
          'muster/validate': 'success: no new problems',
        }),
      20_000,
    );
  });

  it('are looked at only for webhooks that the host has signed', async () => {
    const { tell } = await startScene();
    expect((await tell('pull_request', 'another secret')).status).toBe(401);
  });
});
