import { describe, expect, it } from 'vitest';
import { eventuallyHolds } from '../../support/eventually.ts';
import { isGenuine, startNotificationReceiver } from '../../support/notification-receiver.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('the whole service with a receiver of notifications', () => {
  it('tells of a failed rollout, of a repo that is not followed and of its return, once each', {
    timeout: 60_000,
  }, async () => {
    await using receiver = await startNotificationReceiver();
    await using service = await startTestService({
      files: oneTenant,
      flags: { poll: '250ms' },
      environment: {
        MUSTER_NOTIFY_WEBHOOK_URL: receiver.url,
        MUSTER_NOTIFY_WEBHOOK_SECRET: secret,
        MUSTER_NOTIFY_ALLOW_PRIVATE: 'true',
      },
    });
    const told = () => receiver.requests.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    service.agent({
      attributes: { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' },
      refuse: (config) => (config.includes('CANARY') ? 'cannot unmarshal the CANARY' : undefined),
    });
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.status(first, 'muster/fleet', 'success');

    const bad = service.repo.commit({ 'edge/collector.yaml': collectorText('7s, metadata_keys: [CANARY]') });
    await eventuallyHolds(() => expect(told()).toEqual(['rollout.failed']), 30_000);
    expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({
      data: { tenant: 'default', config: 'edge', revision: bad, repeats: 0 },
    });

    service.repo.git('branch', '-m', 'main', 'away');
    await eventuallyHolds(() => expect(told().slice(1)).toEqual(['source.stalled']), 30_000);
    service.repo.git('branch', '-m', 'away', 'main');
    await service.post('/api/v1/sync', {});
    await eventuallyHolds(() => expect(told().slice(2)).toEqual(['source.recovered']), 30_000);

    const metrics = await (await fetch(new URL('/metrics', service.app().httpUrl))).text();
    expect(metrics).toContain('muster_events_total{kind="rollout-failed"} 1\n');
    expect(metrics).toContain('muster_tenant_agents{tenant="default",fact="failed"} 1\n');
    for (const outcome of ['done', 'failed'])
      expect(metrics).toMatch(
        new RegExp(`^muster_git_seconds_count\\{operation="resolve",outcome="${outcome}"\\} [1-9]`, 'm'),
      );
    expect(metrics).toMatch(/^muster_git_last_success_timestamp_seconds \d{10}/m);

    for (const request of receiver.requests) {
      expect(isGenuine(request, secret, Date.now())).toBe(true);
      expect(request.body).not.toContain('CANARY');
    }
  });
});
