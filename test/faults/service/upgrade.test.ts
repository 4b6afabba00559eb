import { expect, it } from 'vitest';
import { eventuallyHolds } from '../../support/eventually.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

const careful = `kind: Rollout
steps: [{name: first, count: 1, soak: 4s}]
failure: {healthTimeout: 60s}
`;

it('42 another version that takes over in the middle of a rollout ends it, and resends nobody what it has', {
  timeout: 120_000,
}, async () => {
  await using service = await startTestService({
    files: {
      ...oneTenant,
      'careful.yaml': careful,
      'edge.yaml': (oneTenant['edge.yaml'] ?? '').replace('immediate', 'careful'),
    },
  });
  const agents = Array.from({ length: 8 }, (_, index) =>
    service.agent({ attributes: { 'service.name': 'otelcol', 'host.name': `host-${index}` } }),
  );
  await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
  const before = agents.map((agent) => agent.state().offers);
  const sha = service.repo.commit({ 'edge/collector.yaml': collectorText('7s') });
  const moved = () => agents.filter((agent, index) => agent.state().offers > (before[index] ?? 0)).length;
  await eventuallyHolds(() => expect(moved()).toBe(1), 30_000);
  await service.restart({}, 'next');
  await eventuallyHolds(async () => expect(await service.agents('connected=true')).toHaveLength(8), 30_000);
  await eventuallyHolds(() => expect(moved()).toBe(8), 60_000);
  await service.status(sha, 'muster/fleet', 'success');
  expect(agents.map((agent, index) => agent.state().offers - (before[index] ?? 0))).toEqual(Array(8).fill(1));
});
