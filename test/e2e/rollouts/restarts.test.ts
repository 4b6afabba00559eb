import { describe, expect, it } from 'vitest';
import { uidOf } from '../../support/agents.ts';
import {
  carefulRollout,
  convergedStory,
  edgeFiles,
  rolloutOf,
  statusOf,
} from '../../support/rollout-story.ts';
import {
  copyMemory,
  emptyMemory,
  restartReconciler,
  type TestReconciler,
} from '../../support/test-reconciler.ts';

/** Seconds after the commit: no step yet, first offered, soaking, tenth, all, and passed. */
const moments = [0, 1, 5, 12, 15, 23, 30, 45];

describe('a service that starts anew while a rollout goes out', () => {
  it.each(moments)(
    'ends as it would have, with nobody offered anything twice, when killed after %i s',
    async (at) => {
      const { test, fleet } = await convergedStory({ count: 60 });
      const sha = await test.commit(edgeFiles('7s'));
      await fleet.run(at);
      const next = await restartReconciler(test);
      fleet.moveTo(next);
      next.reconciler.confirm();
      await fleet.run(240);
      expect(fleet.running('7s')).toHaveLength(60);
      expect(statusOf(next, sha)).toMatchObject({
        state: 'success',
        description: '60/60 applied and healthy',
      });
      const again = [...fleet.offersOf('7s').values()].filter((times) => times > 1);
      // Only an offer that was on the wire when the service died is made again.
      expect(again.length).toBeLessThanOrEqual(at === 0 || at === 23 ? 60 : 1);
    },
  );

  it('shows in the chart of a rollout what was before it', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    await test.commit(edgeFiles('7s'));
    const seriesOf = ({ reconciler: { world } }: TestReconciler) =>
      world.progress.of('default/edge', world.rollouts.get('default/edge')?.state.startedAt ?? 0);
    await fleet.run(24);
    const before = seriesOf(test);
    expect(new Set(before.map(({ step }) => step)).size).toBeGreaterThan(1);
    const next = await restartReconciler(test);
    const recalled = seriesOf(next);
    expect(recalled).toEqual(before.slice(0, recalled.length));
    expect(recalled.map(({ step }) => step)).toContain(before.at(-1)?.step);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(60);
    expect(rolloutOf(next).phase).toBe('passed');
    const after = seriesOf(next);
    expect(after.slice(0, recalled.length)).toEqual(recalled);
    expect(after.at(-1)).toMatchObject({ settled: 60 });
    const last = await restartReconciler(next);
    await last.pass(60_000, 4);
    expect(seriesOf(last)).toEqual(after);
  });

  it('starts all the same where what was kept for a chart is damaged', async () => {
    const { test, fleet } = await convergedStory({ count: 10 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(14);
    const kept = copyMemory(test.kept);
    expect(kept.facts.has('progress/default/edge')).toBe(true);
    kept.facts.set('progress/default/edge', { startedAt: {}, points: 'many' });
    const next = await restartReconciler(test, kept);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(120);
    expect(statusOf(next, sha)).toMatchObject({ state: 'success' });
  });

  it.each([3, 14, 24])('takes back a bad config all the same, when killed after %i s', async (at) => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(at);
    for (const agent of fleet.running('66s')) fleet.setHealth(agent, false);
    const next = await restartReconciler(test);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(120, (body) => (body.includes('66s') ? 'sicken' : 'apply'));
    expect(statusOf(next, sha)).toMatchObject({ state: 'failure' });
    expect(fleet.running('5s')).toHaveLength(60);
  });

  it('does not hold its own absence against agents: an hour down in a soak fails nobody', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(4);
    const kept = copyMemory(test.kept);
    test.clock.advance(3_600_000);
    const next = await restartReconciler(test, kept);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(120);
    expect(statusOf(next, sha)).toMatchObject({ state: 'success' });
    expect(fleet.running('7s')).toHaveLength(60);
  });

  it('goes on where it was when its agents come back late', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(4);
    const kept = copyMemory(test.kept);
    test.clock.advance(600_000);
    const next = await restartReconciler(test, kept);
    next.reconciler.confirm();
    await next.pass(60_000, 20);
    expect(rolloutOf(next).phase).toBe('running');
    fleet.moveTo(next);
    await fleet.run(240);
    expect(statusOf(next, sha)).toMatchObject({ state: 'success' });
  });

  it('moves nobody back when its store is an hour old', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const old = copyMemory(test.kept);
    await test.commit(edgeFiles('7s'));
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(60);
    const offered = fleet.offersOf('5s');
    test.clock.advance(3_600_000);
    const next = await restartReconciler(test, old);
    fleet.moveTo(next);
    await fleet.run(30);
    expect(fleet.running('7s')).toHaveLength(60);
    const sha = await next.commit(edgeFiles('7s'));
    await fleet.run(240);
    expect(fleet.running('7s')).toHaveLength(60);
    expect(fleet.offersOf('5s')).toEqual(offered);
    expect(statusOf(next, sha)).toMatchObject({ state: 'success' });
  });

  it('moves nobody back when its store is gone', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    await test.commit(edgeFiles('7s'));
    await fleet.run(90);
    const offered = test.pushed.length;
    const next = await restartReconciler(test, emptyMemory());

    fleet.moveTo(next);
    await fleet.run(5);
    const sha = await next.commit(edgeFiles('7s'));
    await fleet.run(300);
    expect(next.pushed).toEqual([]);
    expect(test.pushed).toHaveLength(offered);
    expect(statusOf(next, sha)).toMatchObject({ state: 'success' });
  });

  it('remembers approvals, pauses, pins and the failure ledger', async () => {
    const rollout = carefulRollout.replace(
      'percent: 10, soak: 10s',
      'percent: 10, soak: 10s, approval: true',
    );
    const { test, fleet } = await (async () => {
      const story = await convergedStory({ count: 60 });
      await story.test.commit(edgeFiles('7s', { rollout }));
      return story;
    })();
    await fleet.run(3);
    const act = { actor: 'ada', reason: 'reviewed' };
    test.reconciler.commands.rollouts.approve('default/edge', act);
    test.reconciler.commands.rollouts.pause('default/edge', act);
    const next = await restartReconciler(test);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(1);
    expect(rolloutOf(next)).toMatchObject({ approved: ['tenth'], pause: { by: 'ada' } });
    next.reconciler.commands.rollouts.resume('default/edge', act);
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(60);
    next.reconciler.commands.rollouts.pin('default/edge', 'previous', act);
    await fleet.run(5);
    const last = await restartReconciler(next);
    fleet.moveTo(last);
    last.reconciler.confirm();
    await fleet.run(20);
    expect(fleet.running('5s')).toHaveLength(60);
    expect(rolloutOf(last).pin).toMatchObject({ by: 'ada', to: 'previous' });
  });

  it('offers a refused config to nobody after a restart', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    const sha = await test.commit(edgeFiles('66s'));
    const refuse = (body: string) => (body.includes('66s') ? 'refuse' : 'apply');
    await fleet.run(30, refuse);
    const next = await restartReconciler(test);
    fleet.moveTo(next);
    next.reconciler.confirm();
    fleet.add(900);
    await fleet.run(300, refuse);
    expect(fleet.offersOf('66s').size).toBe(1);
    expect(fleet.running('5s')).toHaveLength(61);
    expect(statusOf(next, sha)).toMatchObject({ state: 'failure' });
  });

  it('goes back to last good although it started anew in between', async () => {
    const { test, fleet } = await convergedStory({ count: 60 });
    await test.commit(edgeFiles('66s'));
    await fleet.run(14);
    const next = await restartReconciler(test);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(5);
    next.reconciler.commands.rollouts.abort('default/edge', { actor: 'ada', reason: 'looks wrong' });
    await fleet.run(30);
    expect(fleet.running('5s')).toHaveLength(60);
  });

  it('asks an agent that polls for its full state again, though the run before had just asked', async () => {
    const { test } = await convergedStory({ count: 1, transport: () => 'http' });
    const poll = (to: typeof test) =>
      to.receive({ uid: uidOf(1), sequence: 900 }, { id: 'http-1', transport: 'http' }).reportFullState;
    const second = await restartReconciler(test);
    expect(poll(second)).toBe(true);
    const third = await restartReconciler(second);
    expect(poll(third)).toBe(true);
  });
});
