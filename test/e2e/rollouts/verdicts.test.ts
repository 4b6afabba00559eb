import { describe, expect, it } from 'vitest';
import { fullCapabilities, healthOf, uidOf } from '../../support/agents.ts';
import { createRolloutFleet } from '../../support/rollout-fleet.ts';
import {
  carefulRollout,
  convergedStory,
  edgeFiles,
  rolloutOf,
  statusOf,
} from '../../support/rollout-story.ts';
import { collectorText } from '../../support/service.ts';
import { createTestReconciler } from '../../support/test-reconciler.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const nop =
  'receivers: {nop: {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}\n';

/** One agent that reports effective configs, among those of the fleet that do not. */
async function withReporter(rollout: string) {
  const files = (marker: string) =>
    edgeFiles(marker, {
      manifest: `kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: ${rollout}\n`,
    });
  const story = await convergedStory({ count: 10 }, files('5s'));
  const [one] = story.fleet.agents;
  if (!one?.status) throw new Error('no agent');
  const report = (text: string) => {
    const sequence = one.sequence;
    one.sequence += 1;
    story.test.receive(
      {
        uid: uidOf(one.number),
        sequence,
        capabilities: fullCapabilities,
        health: healthOf(true),
        ...(one.status && { remoteConfigStatus: { ...one.status, errorMessage: '' } }),
        effectiveConfig: { files: [{ key: '', contentType: 'text/yaml', body: bytes(text) }] },
      },
      { id: `${one.number}-${one.connections}`, transport: 'ws' },
    );
  };
  return { ...story, files, one, report };
}

describe('verdicts of rollouts', () => {
  it.each(['careful', 'immediate'])(
    'are not spoilt by an agent that ran a wrong config before the commit (%s)',
    async (rollout) => {
      const { test, fleet, first, files, report } = await withReporter(rollout);
      report(nop);
      await fleet.run(2);
      expect(statusOf(test, first)).toMatchObject({ state: 'failure', cause: 'wrong-config' });
      const fix = await test.commit(files('7s'));
      expect(statusOf(test, fix)).toMatchObject({ state: 'pending' });
      for (let second = 0; second < 60; second += 1) {
        await fleet.run(1);
        if (fleet.running('7s').length > 0 && second % 5 === 0) report(collectorText('7s'));
      }
      expect(fleet.running('7s')).toHaveLength(10);
      expect(statusOf(test, fix)).toMatchObject({ state: 'success' });
    },
  );

  it('fail, once, when an agent that took part is found on a wrong config later; nothing is rolled back', async () => {
    const { test, fleet, files, report } = await withReporter('careful');
    const sha = await test.commit(files('7s'));
    await fleet.run(60);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    report(nop);
    await fleet.run(30);
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure', cause: 'wrong-config' });
    expect(rolloutOf(test).phase).toBe('passed');
    expect(fleet.running('7s')).toHaveLength(10);
  });

  it('are final: neither ill health nor new agents nor departures change a success', async () => {
    const { test, fleet } = await convergedStory({ count: 40 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(60);
    const verdict = statusOf(test, sha);
    expect(verdict).toMatchObject({ state: 'success' });
    for (const agent of fleet.agents.slice(0, 20)) fleet.setHealth(agent, false);
    for (const agent of fleet.agents.slice(20, 30)) fleet.drop(agent);
    for (let number = 900; number < 950; number += 1) fleet.add(number);
    await fleet.run(200, (_, { number }) => (number < 900 ? 'apply' : 'refuse'));
    expect(statusOf(test, sha)).toEqual(verdict);
    expect(rolloutOf(test).phase).toBe('passed');
  });

  it('fail for an agent held for a reason of its own, and not for those that wait for their step', async () => {
    const test = createTestReconciler();
    const manifest =
      'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\nrequires: {version: ">=0.100.0"}\n';
    const sha = await test.commit(edgeFiles('5s', { manifest }));
    const fleet = await createRolloutFleet(test, {
      count: 20,
      labels: (number) => ({ 'service.version': number === 7 ? '0.90.0' : '0.110.0' }),
    });
    await fleet.run(5);
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(statusOf(test, sha)?.description).toMatch(/1 held/);
    await fleet.run(60);
    expect(fleet.running('5s')).toHaveLength(19);
  });

  it('of two tenants do not touch one another', async () => {
    const test = createTestReconciler();
    const tenant = (name: string, marker: string) =>
      Object.fromEntries(
        Object.entries({ ...edgeFiles(marker), 'tenant.yaml': 'kind: Tenant\n' }).map(([path, text]) => [
          `tenants/${name}/${path}`,
          text,
        ]),
      );
    await test.commit({ ...tenant('acme', '5s'), ...tenant('globex', '5s') });
    const units = () =>
      ['acme', 'globex'].map((name) => test.reconciler.world.rollouts.of(name, 'edge')?.state);
    const before = units();
    await test.commit({ ...tenant('acme', '7s'), ...tenant('globex', '5s') });
    await test.pass(5_000, 5);
    const after = units();
    expect(after[0]?.target.key).not.toBe(before[0]?.target.key);
    expect(after[1]).toEqual(before[1]);
  });

  it('tell where agents went back to, and for which host and reason', async () => {
    const rollout = carefulRollout.replace('maxFailedPercent: 2', 'maxFailed: 0');
    const { test, fleet } = await convergedStory({ count: 40 }, edgeFiles('5s', { rollout }));
    const sha = await test.commit(edgeFiles('66s', { rollout }));
    await fleet.run(30, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    const [canary] = fleet.offersOf('66s').keys();
    expect(statusOf(test, sha)?.description).toBe(
      `1 failed, rolls back to 0000000: h${canary} exit code 7; git revert ${sha.slice(0, 7)}`,
    );
  });
});
