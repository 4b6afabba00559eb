import { describe, expect, it } from 'vitest';
import { createRolloutFleet } from '../../support/rollout-fleet.ts';
import { convergedStory, edgeFiles, rolloutOf, statusOf } from '../../support/rollout-story.ts';
import { createTestReconciler } from '../../support/test-reconciler.ts';

describe('what becomes of a change to two hundred agents', () => {
  it('goes out to one, to a tenth, to all, and each agent is offered it once', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(5);
    expect(fleet.running('7s')).toHaveLength(1);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'pending',
      description: 'rolling out: 1/200 applied, step first',
    });
    await fleet.run(10);
    const tenth = fleet.running('7s').length;
    expect(tenth).toBeGreaterThan(5);
    expect(tenth).toBeLessThan(40);
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'success',
      description: '200/200 applied and healthy',
    });
    expect(new Set(fleet.offersOf('7s').values())).toEqual(new Set([1]));
  });

  it('is refused by the first agent, which goes back, and reaches nobody else', async () => {
    const { test, fleet, first } = await convergedStory();
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(120, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(fleet.running('5s')).toHaveLength(200);
    expect(statusOf(test, sha)?.description).toMatch(
      new RegExp(
        `^1 failed, rolls back to ${first.slice(0, 7)}: h\\d+ exit code 7; git revert ${sha.slice(0, 7)}$`,
      ),
    );
    expect(fleet.offersOf('66s').size).toBe(1);
    fleet.add(900);
    await fleet.run(5, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    expect(fleet.running('5s')).toHaveLength(201);
    expect(fleet.offersOf('66s').size).toBe(1);
  });

  it('turns its first agent unhealthy in its soak and is taken back', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(90, (body) => (body.includes('66s') ? 'sicken' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(statusOf(test, sha)?.description).toMatch(/unhealthy/);
    expect(fleet.running('5s')).toHaveLength(200);
    expect(fleet.offersOf('66s').size).toBe(1);
  });

  it('kills its first agent, which vanishes: nobody else gets it', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(200, (body) => (body.includes('66s') ? 'vanish' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(fleet.offersOf('66s').size).toBe(1);
    const [canary] = fleet.agents.filter(({ online }) => !online);
    if (canary) fleet.rejoin(canary);
    await fleet.run(5);
    expect(fleet.running('5s')).toHaveLength(200);
  });

  it('meets a first agent that says goodbye: another one takes its place', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('7s'));
    let left = 0;
    await fleet.run(90, (body) => (body.includes('7s') && left++ === 0 ? 'leave' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(fleet.running('7s')).toHaveLength(199);
  });

  it('meets agents that never answer: silence in the first step fails it', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(200, (body) => (body.includes('66s') ? 'ignore' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(statusOf(test, sha)?.description).toMatch(/no answer/);
    expect(fleet.offersOf('66s').size).toBe(1);
  });

  it('is refused by a few within the budget: they go back one by one and the others go on', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(20);
    const bad = fleet.agents.filter((agent) => !fleet.running('7s').includes(agent)).slice(0, 3);
    await fleet.run(90, (body, agent) => (body.includes('7s') && bad.includes(agent) ? 'refuse' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(statusOf(test, sha)?.description).toMatch(/197\/200 applied and healthy, 3 failed/);
    expect(fleet.running('5s')).toHaveLength(3);
  });

  it('goes on although an agent that failed never answers the way back', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(20);
    const [bad] = fleet.agents.filter((agent) => !fleet.running('7s').includes(agent));
    await fleet.run(300, (body, agent) => {
      if (agent !== bad) return 'apply';
      return body.includes('7s') ? 'refuse' : 'ignore';
    });
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(fleet.running('7s')).toHaveLength(199);
  });

  it('breaks its budget in the second step: all who moved go back', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('66s'));
    let moved = 0;
    await fleet.run(120, (body) => (body.includes('66s') && ++moved > 1 ? 'refuse' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(fleet.running('5s')).toHaveLength(200);
    expect(fleet.offersOf('66s').size).toBeLessThan(45);
  });

  it('fails last good too on one agent: it is left, named, and offered nothing until the target changes', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('66s'));
    await fleet.run(60, (body) => (body.includes('66s') ? 'refuse' : 'refuse'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    const canary = fleet.agents.find(({ status }) => status?.state === 'failed');
    const offered = test.pushed.length;
    await fleet.run(700, () => 'refuse');
    expect(test.pushed).toHaveLength(offered);
    expect(statusOf(test, sha)?.description).toContain(`h${canary?.number}`);
    await test.commit(edgeFiles('8s'));
    await fleet.run(90);
    expect(fleet.running('8s')).toHaveLength(200);
  });

  it('is the first adoption and fails: the agent is left as it is and nobody else gets it', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(edgeFiles('66s'));
    const fleet = await createRolloutFleet(test, { count: 200 });
    await fleet.run(400, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(rolloutOf(test).phase).toBe('failed');
    expect(fleet.offersOf('66s').size).toBe(1);
    const fix = await test.commit(edgeFiles('7s'));
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, fix)).toMatchObject({ state: 'success' });
  });

  it('is committed while the back end is down for all: their ill health before is no failure, and the fix goes out', async () => {
    const { test, fleet } = await convergedStory();
    for (const agent of fleet.agents) fleet.setHealth(agent, false);
    await fleet.run(60);
    const fix = await test.commit(edgeFiles('7s'));
    await fleet.run(90, () => 'sicken');
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, fix)).toMatchObject({ state: 'success' });
  });

  it('meets a back end that goes down in the middle: it is rolled back, and the fix still goes out', async () => {
    const { test, fleet } = await convergedStory();
    const sha = await test.commit(edgeFiles('7s'));
    await fleet.run(14);
    for (const agent of fleet.agents) fleet.setHealth(agent, false);
    await fleet.run(120, () => 'sicken');
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    const fix = await test.commit(edgeFiles('8s'));
    await fleet.run(120, (body) => (body.includes('8s') ? 'apply' : 'sicken'));
    expect(fleet.running('8s')).toHaveLength(200);
    expect(statusOf(test, fix)).toMatchObject({ state: 'success' });
  });

  it('is tried again with the same bytes by `attempt`, and only then', async () => {
    const { test, fleet } = await convergedStory();
    await test.commit(edgeFiles('7s'));
    const refuse = (body: string) => (body.includes('7s') ? 'refuse' : 'apply');
    await fleet.run(30, refuse);
    await test.commit({ ...edgeFiles('7s'), 'README.md': 'unrelated' });
    await fleet.run(30, refuse);
    expect(fleet.offersOf('7s').size).toBe(1);
    const manifest = `${edgeFiles('7s')['edge.yaml']}attempt: 2\n`;
    const again = await test.commit(edgeFiles('7s', { manifest }));
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, again)).toMatchObject({ state: 'success' });
  });
});
