import { describe, expect, it } from 'vitest';
import { createRolloutFleet } from '../../support/rollout-fleet.ts';
import { convergedStory, edgeFiles, rolloutOf, statusOf } from '../../support/rollout-story.ts';
import { collectorText } from '../../support/service.ts';
import { createTestReconciler } from '../../support/test-reconciler.ts';

const byRole = (role: string) =>
  `kind: AgentConfig\nselector: {matchLabels: {role: ${role}}}\nconfig: ${role}.config.yaml\nrollout: careful\n`;
const roles = (markers: Readonly<Record<string, string>>): Record<string, string> => ({
  'careful.yaml': edgeFiles('5s')['careful.yaml'] ?? '',
  ...Object.fromEntries(
    Object.entries(markers).flatMap(([role, marker]) => [
      [`${role}.yaml`, byRole(role)],
      [`${role}.config.yaml`, collectorText(marker)],
    ]),
  ),
});
const under = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
const halves = (number: number) => ({ role: number % 2 === 0 ? 'edge' : 'gateway' });

describe('commits while a rollout goes out', () => {
  it('leaves it alone where they change nothing of it, and both share its verdict', async () => {
    const { test, fleet } = await convergedStory();
    const change = await test.commit(edgeFiles('7s'));
    await fleet.run(15);
    const before = rolloutOf(test);
    const comment = { ...edgeFiles('7s'), 'edge/collector.yaml': `# why\n${collectorText('7s')}` };
    const unrelated = await test.commit(comment);
    expect(rolloutOf(test)).toMatchObject({ startedAt: before.startedAt, step: before.step });
    await fleet.run(60);
    for (const sha of [change, unrelated]) expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(new Set(fleet.offersOf('7s').values())).toEqual(new Set([1]));
  });

  it('begins at the first step with the same first agent where they change it, others stay on what they run', async () => {
    const { test, fleet } = await convergedStory();
    const old = await test.commit(edgeFiles('7s'));
    await fleet.run(15);
    const superseded = fleet.running('7s').length;
    const canary = [...fleet.offersOf('7s').keys()][0];
    const change = await test.commit(edgeFiles('8s'));
    await fleet.run(3);
    expect([...fleet.offersOf('8s').keys()]).toEqual([canary]);
    expect(fleet.running('7s')).toHaveLength(superseded - 1);
    await fleet.run(60);
    expect(fleet.running('8s')).toHaveLength(200);
    expect(statusOf(test, change)).toMatchObject({ state: 'success' });
    expect(statusOf(test, old)?.description).toContain('superseded');
  });

  it('takes agents on superseded bytes back too where the newer target fails', async () => {
    const { test, fleet } = await convergedStory();
    await test.commit(edgeFiles('7s'));
    await fleet.run(15);
    await test.commit(edgeFiles('66s'));
    await fleet.run(60, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    expect(fleet.running('5s')).toHaveLength(200);
  });

  it('goes back at once by git revert, also in the middle', async () => {
    const { test, fleet } = await convergedStory();
    await test.commit(edgeFiles('7s'));
    await fleet.run(16);
    expect(fleet.running('7s').length).toBeGreaterThan(1);
    const revert = await test.commit(edgeFiles('5s'));
    await fleet.run(3);
    expect(fleet.running('5s')).toHaveLength(200);
    await fleet.run(15);
    expect(statusOf(test, revert)).toMatchObject({ state: 'success' });
  });

  it('settles a revert of a failed commit that nobody runs any more', async () => {
    const { test, fleet } = await convergedStory();
    await test.commit(edgeFiles('66s'));
    await fleet.run(40, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    const revert = await test.commit(edgeFiles('5s'));
    await fleet.run(20);
    expect(statusOf(test, revert)).toMatchObject({
      state: 'success',
      description: '200/200 applied and healthy',
    });
  });

  it('goes back two commits by a force-push, through the steps only where it was never good', async () => {
    const { test, fleet } = await convergedStory();
    for (const marker of ['7s', '8s', '9s']) {
      await test.commit(edgeFiles(marker));
      await fleet.run(60);
      expect(fleet.running(marker)).toHaveLength(200);
    }
    const back = await test.commit(edgeFiles('7s'));
    await fleet.run(5);
    expect(fleet.running('7s')).toHaveLength(1);
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(statusOf(test, back)).toMatchObject({ state: 'success' });
  });

  it('moves an agent whose label changes to the other rollout, which it neither stalls nor fails', async () => {
    const test = createTestReconciler();
    await test.commit(roles({ edge: '5s', gateway: '5m' }));
    const fleet = await createRolloutFleet(test, { count: 40, labels: halves });
    await fleet.run(70);
    const sha = await test.commit(roles({ edge: '7s', gateway: '5m' }));
    await fleet.run(5);
    const [canary] = fleet.running('7s');
    if (!canary) throw new Error('no canary');
    fleet.relabel(canary, { role: 'gateway' });
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(19);
    expect(fleet.running('5m')).toHaveLength(21);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('leaves alone an agent whose labels go to and fro in the middle, and ends for the others', async () => {
    const test = createTestReconciler();
    await test.commit(roles({ edge: '5s', gateway: '5m' }));
    const fleet = await createRolloutFleet(test, { count: 40, labels: halves });
    await fleet.run(70);
    await test.commit(roles({ edge: '7s', gateway: '5m' }));
    await fleet.run(5);
    const restless = fleet.agents.find((agent) => agent.labels.role === 'edge' && agent.status !== undefined);
    if (!restless) throw new Error('no agent of edge');
    for (let flip = 0; flip < 40; flip += 1) {
      fleet.relabel(restless, { role: flip % 2 === 0 ? 'gateway' : 'edge' });
      await fleet.run(2);
    }
    await fleet.run(90);
    const offers = ['5s', '7s', '5m'].map((marker) => fleet.offersOf(marker).get(restless.number) ?? 0);
    expect(offers.reduce((sum, count) => sum + count)).toBeLessThan(20);
    expect(fleet.running('7s').filter((agent) => agent !== restless)).toHaveLength(19);
    expect(rolloutOf(test).phase).toBe('passed');
    expect(test.events.map(({ kind }) => kind)).toContain('oscillation');
  });

  it('takes a whole tenant away and brings it back: its agents keep what they run, and are sent nothing', async () => {
    const test = createTestReconciler();
    const inTenant = (files: Readonly<Record<string, string>>): Record<string, string> => ({
      'fleet.yaml': 'kind: Fleet\nguard: {percent: 100, agents: 1000}\n',
      'tenants/other/tenant.yaml': 'kind: Tenant\n',
      ...under('tenants/other', edgeFiles('5m')),
      ...under('tenants/default', files),
    });
    const whole = inTenant({ 'tenant.yaml': 'kind: Tenant\n', ...edgeFiles('5s') });
    await test.commit(whole);
    const fleet = await createRolloutFleet(test, { count: 40 });
    await fleet.run(70);
    expect(fleet.running('5s')).toHaveLength(40);
    const offered = test.pushed.length;
    await test.commit(inTenant({}));
    expect(test.reconciler.world.inForce.has('default')).toBe(false);
    await fleet.run(30);
    expect(fleet.running('5s')).toHaveLength(40);
    const back = await test.commit(whole);
    expect(await fleet.runUntil(() => statusOf(test, back)?.state === 'success', 90)).toBe(true);
    expect(test.pushed).toHaveLength(offered);
    expect(rolloutOf(test).phase).toBe('passed');
  });

  it('gives a renamed AgentConfig its agents by its own rollout; those that run its bytes are sent nothing', async () => {
    const test = createTestReconciler();
    await test.commit(roles({ edge: '5s', gateway: '5m' }));
    const fleet = await createRolloutFleet(test, { count: 40, labels: halves });
    await fleet.run(70);
    const offered = test.pushed.length;
    const { 'edge.yaml': manifest = '', ...rest } = roles({ edge: '5s', gateway: '5m' });
    const sha = await test.commit({ ...rest, 'border.yaml': manifest });
    await fleet.run(90);
    expect(test.pushed).toHaveLength(offered);
    expect(rolloutOf(test, 'border').phase).toBe('passed');
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('takes an AgentConfig away and brings it back: nobody is unassigned twice, nobody is sent what it runs', async () => {
    const test = createTestReconciler();
    const guard = { 'fleet.yaml': 'kind: Fleet\nguard: {percent: 100, agents: 1000}\n' };
    await test.commit({ ...guard, ...roles({ edge: '5s', gateway: '5m' }) });
    const fleet = await createRolloutFleet(test, { count: 40, labels: halves });
    await fleet.run(70);
    const offered = test.pushed.length;
    await test.commit({ ...guard, ...roles({ gateway: '5m' }) });
    await fleet.run(30);
    const back = await test.commit({ ...guard, ...roles({ edge: '5s', gateway: '5m' }) });
    await fleet.run(90);
    expect(test.pushed).toHaveLength(offered);
    expect(statusOf(test, back)).toMatchObject({ state: 'success' });
    expect(rolloutOf(test).phase).toBe('passed');
  });

  it('holds agents that two AgentConfigs claim in the middle, says so, and goes on when that is mended', async () => {
    const { test, fleet } = await convergedStory({ count: 40 });
    await test.commit(edgeFiles('7s'));
    await fleet.run(5);
    const other = 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n';
    const bad = await test.commit({ ...edgeFiles('7s'), 'other.yaml': other });
    await fleet.run(30);
    expect(fleet.running('7s')).toHaveLength(1);
    expect(statusOf(test, bad)).toMatchObject({ state: 'failure' });
    const fix = await test.commit(edgeFiles('7s'));
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(40);
    expect(statusOf(test, fix)).toMatchObject({ state: 'success' });
  });

  it('is held by `paused: true`, and goes on with the commit that takes it away', async () => {
    const { test, fleet } = await convergedStory({ count: 40 });
    const manifest = `${edgeFiles('7s')['edge.yaml']}paused: true\n`;
    const held = await test.commit(edgeFiles('7s', { manifest }));
    await fleet.run(60);
    expect(fleet.offersOf('7s').size).toBe(0);
    expect(statusOf(test, held)).toMatchObject({ state: 'pending' });
    expect(statusOf(test, held)?.description).toMatch(/paused/);
    const go = await test.commit(edgeFiles('7s'));
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(40);
    expect(statusOf(test, go)).toMatchObject({ state: 'success' });
  });

  it('adopts a fleet gradually: nobody, then by selector, then all', async () => {
    const test = createTestReconciler();
    const manifest = (selector: string) =>
      `kind: AgentConfig\nselector: ${selector}\nconfig: edge/collector.yaml\nrollout: careful\n`;
    const at = (selector: string) => edgeFiles('5s', { manifest: manifest(selector) });
    const none = await test.commit(at('{matchLabels: {adopted: "yes"}}'));
    const fleet = await createRolloutFleet(test, { count: 40, labels: halves });
    await fleet.run(200);
    expect(test.pushed).toHaveLength(0);
    expect(statusOf(test, none)).toMatchObject({ state: 'success', description: 'no agents match' });
    const [one] = fleet.agents;
    if (one) fleet.relabel(one, { adopted: 'yes' });
    await fleet.run(60);
    expect(fleet.running('5s')).toEqual([one]);
    const some = await test.commit(at('{matchLabels: {role: edge}}'));
    await fleet.run(90);
    expect(fleet.running('5s').filter(({ labels }) => labels.role === 'edge')).toHaveLength(20);
    expect(statusOf(test, some)).toMatchObject({ state: 'success' });
    const all = await test.commit(at('{}'));
    await fleet.run(90);
    expect(fleet.running('5s')).toHaveLength(40);
    expect(statusOf(test, all)).toMatchObject({ state: 'success' });
  });

  it('still has last good after fifty commits to others', async () => {
    const { test, fleet } = await convergedStory({ count: 20 });
    for (let number = 1; number <= 60; number += 1)
      await test.commit({ ...edgeFiles('5s'), 'README.md': `${number}` });
    await test.commit(edgeFiles('66s'));
    await fleet.run(40, (body) => (body.includes('66s') ? 'refuse' : 'apply'));
    expect(fleet.running('5s')).toHaveLength(20);
    expect(test.reconciler.world.tracked.size).toBeLessThanOrEqual(50);
  });
});

describe('what is kept to go back to', () => {
  it('is at hand after others have left the roster', async () => {
    const { test, fleet } = await convergedStory({ count: 20 });
    const rollout =
      edgeFiles('7s')['careful.yaml']?.replace('count: 1, soak: 10s', 'count: 1, soak: 1h') ?? '';
    await test.commit(edgeFiles('7s', { rollout }));
    await fleet.run(3);
    const [canary] = fleet.running('7s');
    const leaving = fleet.agents.find((agent) => agent !== canary);
    if (leaving) fleet.drop(leaving, 'goodbye');
    await test.pass(700_000, 20);
    const rendered = test.rendered.length;
    test.reconciler.commands.rollouts.abort('default/edge', { actor: 'ada', reason: 'enough' });
    await fleet.run(3);
    expect(fleet.running('5s')).toHaveLength(19);
    expect(test.rendered).toHaveLength(rendered);
  });

  it('is bounded where AgentConfigs come and go, in memory and in the store', async () => {
    const test = createTestReconciler();
    await test.commit(roles({ edge: '5s', r0: '5m' }));
    const fleet = await createRolloutFleet(test, { count: 1, labels: () => ({ role: 'r0' }) });
    await fleet.run(20);
    const keptOf = (unit: string) => [test.facts.has(`rollout/${unit}`), test.facts.has(`progress/${unit}`)];
    expect(keptOf('default/r0')).toEqual([true, true]);
    expect(keptOf('default/edge')).toEqual([true, false]);
    for (let number = 0; number < 150; number += 1)
      await test.commit(roles({ edge: '5s', [`r${number}`]: '5m' }));
    const { rollouts, archive } = test.reconciler.world;
    expect([...rollouts.units()].length).toBeLessThanOrEqual(102);
    expect([...test.facts.keys()].filter((key) => key.startsWith('rollout/')).length).toBeLessThanOrEqual(
      102,
    );
    expect(archive.revisions().size).toBeLessThanOrEqual(102);
    expect(rollouts.of('default', 'r0')).toBeUndefined();
    expect(keptOf('default/r0')).toEqual([false, false]);
    expect(rollouts.of('default', 'r148')?.present).toBe(false);
  });
});
