import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../../src/model/index.ts';
import { fullCapabilities } from '../../support/agents.ts';
import { createRolloutFleet } from '../../support/rollout-fleet.ts';
import {
  carefulRollout,
  convergedStory,
  edgeFiles,
  rolloutOf,
  statusOf,
} from '../../support/rollout-story.ts';
import { createTestReconciler } from '../../support/test-reconciler.ts';

const withoutEffective = fullCapabilities & ~agentCapability.reportsEffectiveConfig;
const neverConfirms = withoutEffective & ~agentCapability.reportsRemoteConfig;

describe('who is there while a rollout goes out', () => {
  it('does not wait for the half of the fleet that is offline; they get it when they return', async () => {
    const { test, fleet } = await convergedStory();
    const away = fleet.agents.filter(({ number }) => number % 2 === 0);
    for (const agent of away) fleet.drop(agent);
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(90);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'success',
      description: '100/200 applied and healthy, 100 not connected',
    });
    for (const agent of away) fleet.rejoin(agent);
    await fleet.run(30);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, sha)?.description).toContain('100 not connected');
  });

  it('has half of the fleet come back in its first step: they wait for their turn', async () => {
    const { test, fleet } = await convergedStory();
    const away = fleet.agents.filter(({ number }) => number % 2 === 0);
    for (const agent of away) fleet.drop(agent);
    await test.commit(edgeFiles('7s'));
    await fleet.run(3);
    for (const agent of away) fleet.rejoin(agent);
    await fleet.run(3);
    expect(fleet.running('7s')).toHaveLength(1);
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(200);
  });

  it('offers an agent that was away for three revisions only the newest', async () => {
    const { test, fleet } = await convergedStory({ count: 20 });
    const [away] = fleet.agents;
    if (!away) throw new Error('no agent');
    fleet.drop(away);
    for (const marker of ['6s', '7s', '8s']) {
      await test.commit(edgeFiles(marker));
      await fleet.run(90);
    }
    fleet.rejoin(away);
    await fleet.run(30);
    for (const marker of ['6s', '7s']) expect(fleet.offersOf(marker).has(away.number)).toBe(false);
    expect(fleet.offersOf('8s').get(away.number)).toBe(1);
    expect(fleet.running('8s')).toHaveLength(20);
  });

  it('goes through slow pollers, whose interval is longer than the soak', async () => {
    const { test, fleet } = await convergedStory({ transport: () => 'http', pollSeconds: 30 });
    expect(fleet.running('5s')).toHaveLength(200);
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(45);
    expect(fleet.running('7s').length).toBeLessThan(2);
    await fleet.run(300);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'success',
      description: '200/200 applied and healthy',
    });
  });

  it('takes back a config that slow pollers refuse', async () => {
    const { test, fleet } = await convergedStory({ transport: () => 'http', pollSeconds: 30 });
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(300, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(fleet.running('5s')).toHaveLength(200);
    expect(fleet.offersOf('66s').size).toBe(1);
  });

  it('gives five hundred new pods last good at once during a freeze, and the target when it is over', async () => {
    const { test, fleet } = await convergedStory({ count: 500 });
    const rollout = `${carefulRollout}freeze: [{from: 2025-12-01, to: 2026-01-02, reason: audit}]\n`;
    const sha = await test.commit(edgeFiles('7s', { rollout }));
    await fleet.run(5);
    for (const agent of fleet.agents) fleet.drop(agent, 'goodbye');
    for (let number = 1_001; number <= 1_500; number += 1) fleet.add(number);
    await fleet.run(5);
    expect(fleet.running('5s')).toHaveLength(500);
    expect(fleet.offersOf('7s').size).toBe(0);
    expect(statusOf(test, sha)?.description).toMatch(/frozen until 2026-01-02/);
    test.clock.advance(Date.UTC(2026, 0, 2) - test.clock.now());
    await fleet.run(120);
    expect(fleet.running('7s')).toHaveLength(500);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('never makes a canary of an agent that cannot confirm; it gets the config with all', async () => {
    const { test, fleet } = await convergedStory({
      count: 20,
      capabilities: (number) => (number <= 10 ? neverConfirms : withoutEffective),
    });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(12);
    const early = [...fleet.offersOf('7s').keys()];
    expect(early.every((number) => number > 10)).toBe(true);
    await fleet.run(90);
    expect(fleet.offersOf('7s').size).toBe(20);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(statusOf(test, sha)?.description).toContain('10 cannot confirm');
  });

  it('has no verdict where nobody can ever confirm, and still goes out to all', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(edgeFiles('5s'));
    const fleet = await createRolloutFleet(test, { count: 20, capabilities: () => neverConfirms });
    await fleet.run(250);
    expect(fleet.offersOf('5s').size).toBe(20);
    expect(statusOf(test, sha)).toMatchObject({ state: 'error' });
    expect(rolloutOf(test)).toMatchObject({ phase: 'passed', unconfirmed: true });
  });

  it('is success where nobody matches, and begins with the first agent that does', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(edgeFiles('5s'));
    await test.pass(200_000, 50);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success', description: 'no agents match' });
    expect(rolloutOf(test)).toMatchObject({ phase: 'running', step: -1 });
    const fleet = await createRolloutFleet(test, { count: 3 });
    await fleet.run(60, () => 'refuse');
    expect(rolloutOf(test).phase).toBe('failed');
    expect(fleet.offersOf('5s').size).toBe(1);
  });

  it('lets others have the place of an agent that leaves the rollout while it waits for one', async () => {
    const rollout =
      'kind: Rollout\nsteps: [{name: everyone, percent: 100, soak: 1s}]\nmaxInFlight: 1\nfailure: {healthTimeout: 30s}\n';
    const manifest =
      'kind: AgentConfig\nselector: {matchLabels: {role: edge}}\nconfig: edge/collector.yaml\nrollout: careful\n';
    const files = (marker: string) => edgeFiles(marker, { rollout, manifest });
    const { test, fleet } = await convergedStory({ count: 6, labels: () => ({ role: 'edge' }) }, files('5s'));
    const sha = await test.commit(files('7s'));
    await fleet.run(1, () => 'ignore');
    const taking = new Set(fleet.offersOf('7s').keys());
    for (const agent of fleet.agents.filter(({ number }) => !taking.has(number)).slice(0, 3))
      fleet.relabel(agent, { role: 'other' });
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(3);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('never has more in flight than maxInFlight, forward and back', async () => {
    const rollout = `${carefulRollout}maxInFlight: 7\n`;
    const { test, fleet } = await convergedStory({}, edgeFiles('5s', { rollout }));
    await test.commit(edgeFiles('66s', { rollout }));
    let most = 0;
    const watch = (answer: (body: string) => 'apply' | 'sicken') => async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        await fleet.run(1, answer);
        most = Math.max(most, fleet.agents.filter(({ taking }) => taking).length);
      }
    };
    await watch(() => 'apply')(100);
    for (const agent of fleet.running('66s')) fleet.setHealth(agent, false);
    await watch((body) => (body.includes('66s') ? 'sicken' : 'apply'))(200);
    expect(most).toBeLessThanOrEqual(7);
    expect(fleet.running('5s')).toHaveLength(200);
  });
});
