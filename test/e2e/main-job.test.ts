import { describe, expect, it } from 'vitest';
import type { FleetReport } from '../../src/model/index.ts';
import { eventuallyHolds } from '../support/eventually.ts';
import { collectorText, oneTenant, startTestService } from '../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' };

describe('the main job, end to end', () => {
  it.each(['ws', 'http'] as const)(
    'a commit becomes the config of an agent over %s, and a status on the commit',
    async (transport) => {
      await using service = await startTestService({ files: oneTenant });
      const agent = service.agent({ attributes }, transport);
      const first = service.repo.git('rev-parse', 'HEAD');
      const status = await service.status(first, 'muster/fleet', 'success');
      expect(status.description).toBe('1/1 applied and healthy');
      const [seen] = await service.agents();
      expect(seen).toMatchObject({
        delivery: 'applied',
        health: 'Healthy',
        connected: true,
        config: 'edge',
        host: 'web-1',
      });
      expect(agent.state()).toMatchObject({ status: 'applied', hash: seen?.desiredHash, offers: 1 });
      await eventuallyHolds(async () => expect((await service.agents())[0]?.sync).toBe('Synced'));
      const note = await service.note(first);
      expect(note).toMatchObject({ version: 1, revision: first, state: 'success' });
      expect(note.tenants.default?.agents).toMatchObject({
        matched: 1,
        connected: 1,
        applied: 1,
        healthy: 1,
      });
      expect(Object.values(note.effectiveConfigs).join('')).toContain('batch');

      const second = service.repo.commit({ 'edge/collector.yaml': collectorText('7s') });
      await service.status(second, 'muster/fleet', 'success');
      expect(agent.state().offers).toBe(2);
      const detail = await service.agentDetail(seen?.uid ?? '');
      expect(detail.effectiveConfig).toContain('7s');
    },
  );

  it('a commit that changes nothing of the fleet says so and offers nothing', async () => {
    await using service = await startTestService({
      files: { ...oneTenant, 'README.txt': 'one' },
      flags: { path: '.' },
    });
    const agent = service.agent({ attributes });
    await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
    const next = service.repo.commit({ 'README.txt': 'two' });
    const status = await service.status(next, 'muster/fleet', 'success');
    expect(status.description).toMatch(/no (fleet change|config changed)/);
    expect(agent.state().offers).toBe(1);
  });

  it('a config that the agent refuses fails the commit, is not sent again, and the next commit mends it', async () => {
    await using service = await startTestService({ files: oneTenant });
    const agent = service.agent({
      attributes,
      refuse: (config) => (config.includes('13s') ? 'exited with exit code 1' : undefined),
    });
    await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
    const bad = service.repo.commit({ 'edge/collector.yaml': collectorText('13s') });
    const status = await service.status(bad, 'muster/fleet', 'failure');
    expect(status.description).toBe('1 failed: web-1 exit code 1');
    const unrelated = service.repo.commit({ 'notes.txt': 'unrelated' });
    await service.status(unrelated, 'muster/fleet', 'success');
    expect(agent.state().offers).toBe(2);
    const good = service.repo.commit({ 'edge/collector.yaml': collectorText('14s') });
    await service.status(good, 'muster/fleet', 'success');
    expect(agent.state().offers).toBe(3);
  });

  it('a restart in the middle resends nothing and keeps verdicts', async () => {
    await using service = await startTestService({ files: oneTenant });
    const agent = service.agent({ attributes });
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.status(first, 'muster/fleet', 'success');
    const before = agent.state();
    await service.restart();
    await eventuallyHolds(async () =>
      expect((await service.agents())[0]).toMatchObject({ connected: true, delivery: 'applied' }),
    );
    await service.status(first, 'muster/fleet', 'success');
    expect(agent.state()).toMatchObject({ offers: before.offers, hash: before.hash });
  });

  it('a mistake names file, line and column, keeps last good, and stops nobody else', async () => {
    const files = {
      'tenants/acme/tenant.yaml':
        'kind: Tenant\nenrollment:\n  - {name: a, tokenSha256: 2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90}\n',
      'tenants/acme/edge.yaml':
        'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: immediate\n',
      'tenants/acme/edge/collector.yaml': collectorText(),
      'tenants/globex/tenant.yaml':
        'kind: Tenant\nenrollment:\n  - {name: b, tokenSha256: 81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9}\n',
      'tenants/globex/edge.yaml':
        'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: immediate\n',
      'tenants/globex/edge/collector.yaml': collectorText(),
    };
    await using service = await startTestService({ files });
    const alice = service.agent({ attributes, token: 'alice' });
    const bob = service.agent({ attributes: { ...attributes, 'host.name': 'db-1' }, token: 'bob' });
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.status(first, 'muster/fleet', 'success');
    const broken = service.repo.commit({
      'tenants/acme/edge/collector.yaml': collectorText().replace('exporters: [debug]', 'exporters: [debgu]'),
      'tenants/globex/edge/collector.yaml': collectorText('9s'),
    });
    const failure = await service.status(broken, 'muster/acme', 'failure');
    expect(failure.description).toMatch(
      new RegExp(`^1 problem, keeps ${first.slice(0, 7)}: .*collector.yaml:11:\\d+`),
    );
    await service.status(broken, 'muster/globex', 'success');
    await eventuallyHolds(async () => {
      const note = JSON.parse(service.repo.git('notes', '--ref=muster', 'show', broken)) as FleetReport;
      expect(note.tenants.acme?.description).toBe(failure.description);
      expect(note.tenants.globex?.description).toBe('1/1 applied and healthy');
    });
    expect(alice.state().offers).toBe(1);
    expect(bob.state().offers).toBe(2);
  });
});
