import { describe, expect, it } from 'vitest';
import type { Page, RolloutView } from '../../../src/http-api/index.ts';
import type { SimulatedAgent } from '../../../src/simulator/index.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { git } from '../../support/git-repo.ts';
import { packageFiles } from '../../support/package-story.ts';
import { startTestService, type TestService } from '../../support/service.ts';

const count = 6;
const rollout = `kind: Rollout
steps:
  - {name: first, count: 1, soak: 1s}
  - {name: second, count: 2, soak: 0s, approval: true}
failure: {healthTimeout: 30s}
`;
const filesOf = (version: string) => packageFiles(version, { rollout });
const id = 'default/package/otelcol';

/** A service whose agents, on WebSockets and polling, have version 1.0.0 installed; they cannot install 3.0.0. */
async function startFleet() {
  const service = await startTestService({ files: filesOf('1.0.0') });
  const agents = Array.from({ length: count }, (_, number) =>
    service.agent(
      {
        attributes: {
          ...{ 'service.name': 'otelcol', 'host.name': `h${number}` },
          ...{ 'os.type': 'linux', 'host.arch': 'amd64' },
        },
        installs: true,
        refusePackage: (_name, version) => (version === '3.0.0' ? 'no space left' : undefined),
      },
      number % 2 === 0 ? 'ws' : 'http',
    ),
  );
  const first = git(service.repo.dir, ['rev-parse', 'HEAD']).trim();
  await approve(service);
  await service.status(first, 'muster/fleet', 'success');
  return { service, agents, first, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

/** Approves the step that waits for it, once it does. */
async function approve(service: TestService): Promise<void> {
  await eventuallyHolds(async () => expect((await rolloutOf(service)).text).toContain('waits for approval'));
  const path = `/api/v1/rollouts/${encodeURIComponent(id)}/approve`;
  expect((await service.post(path, { reason: 'looks well' })).status).toBe(202);
}

async function rolloutOf(service: TestService): Promise<RolloutView> {
  return eventually(async () => {
    const { items } = await service.get<Page<RolloutView>>('/api/v1/rollouts');
    const found = items.find((one) => one.id === id);
    if (!found) throw new Error('no such rollout');
    return found;
  });
}

function having(agents: readonly SimulatedAgent[], version: string): number {
  return agents.filter((agent) => agent.state().packages.get('otelcol') === version).length;
}

describe('a Package on real sockets', () => {
  it('goes out by its steps, waits for an approval over a restart of the service, and reverts at once', async () => {
    await using fleet = await startFleet();
    const { service, agents } = fleet;
    const upgrade = service.repo.commit(filesOf('2.0.0'));
    await eventuallyHolds(async () =>
      expect(await rolloutOf(service)).toMatchObject({
        revision: upgrade,
        step: 'first',
        agents: { settled: 1 },
      }),
    );
    expect(having(agents, '2.0.0')).toBe(1);
    await service.restart();
    await eventuallyHolds(async () =>
      expect(await rolloutOf(service)).toMatchObject({
        step: 'first',
        agents: { connected: count, settled: 1 },
      }),
    );
    expect(having(agents, '2.0.0')).toBe(1);
    await approve(service);
    expect((await service.status(upgrade, 'muster/fleet', 'success')).description).toBe(
      `packages: ${count}/${count} applied and healthy`,
    );
    expect(having(agents, '2.0.0')).toBe(count);
    expect(await rolloutOf(service)).toMatchObject({ kind: 'Package', config: 'otelcol', phase: 'passed' });

    const revert = service.repo.commit(filesOf('1.0.0'));
    await service.status(revert, 'muster/fleet', 'success');
    expect(having(agents, '1.0.0')).toBe(count);

    const pin = { tenant: 'default', config: 'package/otelcol', to: 'previous', reason: 'drill' };
    expect((await service.post('/api/v1/pins', pin)).status).toBe(202);
    await eventuallyHolds(() => expect(having(agents, '2.0.0')).toBe(count));
    const path = new URL('/api/v1/pins/default/package%2Fotelcol', service.app().httpUrl);
    const unpinned = await fetch(path, { method: 'DELETE', body: '{"reason":"over"}' });
    expect(unpinned.status).toBe(202);
    await eventuallyHolds(() => expect(having(agents, '1.0.0')).toBe(count));
  }, 60_000);

  it('that the canary cannot install reaches nobody else; the canary goes back, and the commit says why', async () => {
    await using fleet = await startFleet();
    const { service, agents, first } = fleet;
    const upgrade = service.repo.commit(filesOf('3.0.0'));
    const { description } = await service.status(upgrade, 'muster/fleet', 'failure');
    expect(description).toMatch(
      new RegExp(`^packages: 1 failed, roll(s|ed) back to ${first.slice(0, 7)}: h\\d package not installed$`),
    );
    await eventuallyHolds(async () =>
      expect(await rolloutOf(service)).toMatchObject({
        phase: 'rolled-back',
        text: expect.stringContaining('rolled back to'),
        agents: { inFlight: 0 },
      }),
    );
    await eventuallyHolds(() => expect(having(agents, '1.0.0')).toBe(count));
    // The first version, the one that failed, and the first once more.
    expect(agents.map((agent) => agent.state().packageOffers).sort()).toEqual([1, 1, 1, 1, 1, 3]);
  }, 60_000);
});
