import { describe, expect, it } from 'vitest';
import {
  carefulRollout,
  convergedStory,
  edgeFiles,
  rolloutOf,
  statusOf,
} from '../../support/rollout-story.ts';

const day = 24 * 3_600_000;
const id = 'default/edge';
const act = { actor: 'ada', reason: 'incident 7' };

describe('acts in an emergency', () => {
  it('ends a pause by itself after a day, and the rollout goes on', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    await test.commit(edgeFiles('7s'));
    await fleet.run(3);
    test.reconciler.commands.rollouts.pause(id, act);
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(1);
    await test.pass(day - 120_000, 100);
    expect(rolloutOf(test).pause).toBeDefined();
    await test.pass(120_000, 10);
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(60);
    expect(test.events.map(({ kind }) => kind)).toContain('rollout-act-expired');
  });

  it('ends a pin by itself after a day: what Git asks for was good and goes out at once, and the status follows it', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(60);
    test.reconciler.commands.rollouts.pin(id, 'previous', act);
    await fleet.run(10);
    expect(fleet.running('5s')).toHaveLength(60);
    expect(statusOf(test, sha)).toMatchObject({ state: 'pending' });
    expect(statusOf(test, sha)?.description).toMatch(/pinned to previous 0000000: incident 7/);
    await test.pass(day, 100);
    await fleet.run(3);
    expect(fleet.running('7s')).toHaveLength(60);
    await fleet.run(30);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('pins agents that poll and have nothing to say', async () => {
    const { test, fleet } = await convergedStory({ count: 20, transport: () => 'http' });
    await test.commit(edgeFiles('7s'));
    await fleet.run(300);
    expect(fleet.running('7s')).toHaveLength(20);
    test.reconciler.commands.rollouts.pin(id, 'previous', act);
    await fleet.run(120);
    expect(fleet.running('5s')).toHaveLength(20);
  });

  it('leaves an aborted rollout aborted, however long, until somebody tries again', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(14);
    test.reconciler.commands.rollouts.abort(id, act);
    await fleet.run(20);
    expect(fleet.running('5s')).toHaveLength(60);
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(statusOf(test, sha)?.description).toMatch(/aborted.*incident 7/);
    await test.pass(2 * day, 100);
    await fleet.run(60);
    expect(fleet.running('5s')).toHaveLength(60);
    test.reconciler.commands.rollouts.retry(id, act);
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(60);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('does nothing where the rollout is of another commit than the act names', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const looked = await test.commit(edgeFiles('7s'));
    await fleet.run(3);
    const sha = await test.commit(edgeFiles('8s'));
    await fleet.run(3);
    const { rollouts } = test.reconciler.commands;
    expect(() => rollouts.abort(id, { ...act, revision: looked })).toThrow(
      expect.objectContaining({
        code: 'ROLLOUT_MOVED_ON',
        message: expect.stringContaining(looked.slice(0, 7)),
      }),
    );
    expect(rolloutOf(test).phase).toBe('running');
    rollouts.abort(id, { ...act, revision: sha.slice(0, 7) });
    expect(rolloutOf(test).phase).toBe('aborted');
  });

  it('ends acts with the next commit that changes that config, and not with another', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    await test.commit(edgeFiles('7s'));
    await fleet.run(3);
    test.reconciler.commands.rollouts.pause(id, act);
    await test.commit({ ...edgeFiles('7s'), 'README.md': 'unrelated' });
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(1);
    await test.commit(edgeFiles('8s'));
    await fleet.run(60);
    expect(fleet.running('8s')).toHaveLength(60);
  });

  it('is stopped: nothing goes out but last good to fresh agents, and goes on when started', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(14);
    const moved = fleet.offersOf('7s').size;
    test.reconciler.commands.stopOffers(act);
    await fleet.run(60);
    fleet.add(900);
    await fleet.run(5);
    expect(fleet.offersOf('7s').size).toBe(moved);
    expect(fleet.running('5s').map(({ number }) => number)).toContain(900);
    expect(statusOf(test, sha)?.description).toMatch(/stopped: incident 7/);
    test.reconciler.commands.startOffers(act);
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(61);
  });

  it('is stopped for a day at most: then it goes on by itself', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(3);
    test.reconciler.commands.stopOffers(act);
    await fleet.run(60);
    expect(fleet.offersOf('7s').size).toBe(1);
    await test.pass(23 * 3_600_000, 23);
    await fleet.run(30);
    expect(fleet.offersOf('7s').size).toBe(1);
    await test.pass(3_600_000);
    expect(await fleet.runUntil(() => statusOf(test, sha)?.state === 'success', 120)).toBe(true);
    expect(fleet.running('7s')).toHaveLength(60);
  });

  it('waits past its deadline: fails and pauses, and goes on when resumed', async () => {
    const rollout = `${carefulRollout}deadline: 40s\n`;
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s', { rollout }));
    await fleet.run(45, (body) => (body.includes('7s') ? 'ignore' : 'apply'));
    expect(rolloutOf(test).phase).toBe('failed');
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(statusOf(test, sha)?.description).toMatch(/deadline/);
    expect(fleet.offersOf('7s').size).toBe(1);
    test.reconciler.commands.rollouts.resume(id, act);
    await fleet.run(5);
    expect(statusOf(test, sha)).toMatchObject({ state: 'pending' });
  });

  it('is paused in a rollout with a deadline: the pause holds at once, and its clock stands still', async () => {
    const rollout = `${carefulRollout}deadline: 2m\n`;
    const { test, fleet } = await convergedStory({ count: 60 });
    await test.commit(edgeFiles('7s', { rollout }));
    await fleet.run(12);
    const before = fleet.offersOf('7s').size;
    test.reconciler.commands.rollouts.pause(id, act);
    await fleet.run(300);
    expect(fleet.offersOf('7s').size).toBe(before);
    expect(rolloutOf(test).phase).toBe('running');
    test.reconciler.commands.rollouts.resume(id, act);
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(60);
  });

  it('pauses instead of going back where the policy says so, and an abort takes it back', async () => {
    const rollout = carefulRollout.replace('healthTimeout: 30s', 'healthTimeout: 30s, action: pause');
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('66s', { rollout }));
    let seen = 0;
    await fleet.run(60, (body) => (body.includes('66s') && ++seen > 1 ? 'refuse' : 'apply'));
    expect(rolloutOf(test).phase).toBe('failed');
    expect(statusOf(test, sha)?.description).toMatch(/paused/);
    const left = fleet.running('66s').length;
    expect(left).toBeGreaterThan(0);
    test.reconciler.commands.rollouts.abort(id, act);
    await fleet.run(20);
    expect(fleet.running('5s')).toHaveLength(60);
  });
});
