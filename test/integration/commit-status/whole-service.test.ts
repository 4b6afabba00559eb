import { describe, expect, it } from 'vitest';
import { type HostUnderTest, hostsUnderTest } from '../../conformance/commit-status/hosts.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { createKeptLog } from '../../support/git-host-log.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { collectorText, oneTenant, startTestService, type TestService } from '../../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' };
const canary = 'CANARY-90d1c4a7e2';

/** The last word on a commit, by context. */
function standing(host: GitHostStandIn, sha: string): Record<string, string> {
  return Object.fromEntries(
    host.records(sha).map(({ context, state, description }) => [context, `${state}: ${description}`]),
  );
}

async function startBoth(under: HostUnderTest) {
  const host = await under.start();
  host.setToken(canary);
  const { logger, lines } = createKeptLog();
  const service = await startTestService({
    files: oneTenant,
    environment: {
      MUSTER_STATUS_HOST: under.type,
      MUSTER_STATUS_API_URL: host.apiUrl,
      MUSTER_STATUS_REPO: host.repo,
      MUSTER_STATUS_TOKEN: canary,
      MUSTER_PUBLIC_URL: 'https://muster.example',
    },
    logger,
  });
  return { host, service, lines };
}

/** Commits, and tells the host of it as a push would. */
function push(service: TestService, host: GitHostStandIn, files: Readonly<Record<string, string>>): string {
  const sha = service.repo.commit(files);
  host.addCommit(sha);
  return sha;
}

describe('the whole service against a Git host', () => {
  it.each(hostsUnderTest.filter(({ type }) => type === 'gitea' || type === 'azure'))(
    '$type: verdicts arrive once, over a restart too',
    { timeout: 60_000 },
    async (under) => {
      const { host, service, lines } = await startBoth(under);
      try {
        const first = service.repo.git('rev-parse', 'HEAD');
        host.addCommit(first);
        const agent = service.agent({ attributes });
        const good = `${host.wordFor('success')}: 1/1 applied and healthy`;
        await eventuallyHolds(() => {
          expect(standing(host, first)).toEqual({
            'muster/fleet': good,
            'muster/default': good,
            'muster/validate': `${host.wordFor('success')}: no problems`,
          });
        }, 30_000);

        const bad = push(service, host, { 'edge/collector.yaml': 'receivers: [\n' });
        const problem = new RegExp(
          `^${host.wordFor('failure')}: \\d+ problems?, keeps ${first.slice(0, 7)}: edge/collector.yaml:`,
        );
        await eventuallyHolds(() => expect(standing(host, bad)['muster/default']).toMatch(problem), 30_000);
        await eventuallyHolds(() => expect(Object.keys(standing(host, bad))).toHaveLength(3), 30_000);

        const before = [host.records(first), host.records(bad)].map((records) => records.length);
        agent.stop({ abrupt: true });
        await service.restart();
        service.agent({ attributes, uid: agent.state().uid });
        const next = push(service, host, { 'edge/collector.yaml': collectorText('7s') });
        await eventuallyHolds(() => expect(standing(host, next)['muster/fleet']).toBe(good), 30_000);
        expect([host.records(first), host.records(bad)].map((records) => records.length)).toEqual(before);
        const url = `https://muster.example/r/${next}/t/default`;
        await eventuallyHolds(() => expect(host.records(next, 'muster/default').at(-1)?.targetUrl).toBe(url));

        expect(lines.join('\n')).not.toContain(canary);
        expect(JSON.stringify([await service.fleet(), await service.get('/readyz')])).not.toContain(canary);
      } finally {
        await service[Symbol.asyncDispose]();
        await host.server.close();
      }
    },
  );
});
