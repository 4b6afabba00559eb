import { describe, expect, it } from 'vitest';
import { agentCapability, type RolloutState } from '../../../src/model/index.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { createPackageFleet, installerCapabilities } from '../../support/package-fleet.ts';
import { installedStory, packageFiles, packageRolloutOf } from '../../support/package-story.ts';
import { statusOf } from '../../support/rollout-story.ts';
import { createTestReconciler, restartReconciler } from '../../support/test-reconciler.ts';

const by = { actor: 'ops', reason: 'incident 7' };
const id = 'default/package/otelcol';
const packageStepKept = (facts: ReadonlyMap<string, unknown>) =>
  (facts.get(`rollout/${id}`) as RolloutState | undefined)?.step;
const short = (sha: string) => sha.slice(0, 7);

describe('a new version in a Package', () => {
  it('goes to one agent, then to a tenth, then to all, and is a success once all have settled on it', async () => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(8);
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'pending',
      description: 'packages: rolling out: 1/40 applied, step first',
    });
    await fleet.run(10);
    const tenth = fleet.offeredTo('2.0.0').length;
    expect(tenth).toBeGreaterThan(1);
    expect(tenth).toBeLessThan(20);
    await fleet.run(60);
    expect(fleet.having('2.0.0')).toHaveLength(40);
    expect(new Set(fleet.offeredTo('2.0.0')).size).toBe(fleet.offeredTo('2.0.0').length);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'success',
      description: 'packages: 40/40 applied and healthy',
    });
  });

  it('that the canary cannot install reaches nobody else, and the canary gets the one before', async () => {
    const { test, fleet, first } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(60, (version) => (version === '2.0.0' ? 'fail' : 'install'));
    const [canary, ...others] = fleet.offeredTo('2.0.0');
    expect(others).toEqual([]);
    expect(fleet.having('1.0.0')).toHaveLength(40);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'failure',
      description: `packages: 1 failed, rolls back to ${short(first)}: h${canary} package not installed`,
    });
    expect(packageRolloutOf(test).phase).toBe('rolled-back');
    await fleet.run(600);
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
  });

  it('that makes the canary ill is taken back too, and its failure outlives the change of version', async () => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(60, (version) => (version === '2.0.0' ? 'sicken' : 'install'));
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
    expect(fleet.having('1.0.0')).toHaveLength(40);
    expect(statusOf(test, sha)?.description).toMatch(/^packages: 1 failed, .*unhealthy$/);
  });

  it.each(['vanish', 'leave'] as const)('whose agent goes down with it fails: %s', async (word) => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(180, () => word);
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
    expect(statusOf(test, sha)?.description).toMatch(/no answer$/);
  });

  it('lets an agent restart with its upgrade, goodbye and all', async () => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    for (let turn = 0; turn < 120; turn += 1) {
      await fleet.run(1, (_, agent) => {
        const offer = agent.taking;
        if (offer) agent.done = { offer, state: 'installed' };
        return 'leave';
      });
      for (const agent of fleet.agents) if (!agent.online) fleet.rejoin(agent);
    }
    expect(fleet.having('2.0.0')).toHaveLength(40);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(fleet.offeredTo('2.0.0')).toHaveLength(40);
  });

  it.each(['careful', 'immediate'])(
    'has no verdict while its only agent is down with it: %s',
    async (named) => {
      const { test, fleet } = await installedStory({ count: 1 }, packageFiles('1.0.0', { named }));
      const sha = await test.commit(packageFiles('2.0.0', { named }));
      await fleet.run(20, (_, agent) => {
        const offer = agent.taking;
        if (offer) agent.done = { offer, state: 'installed' };
        return 'leave';
      });
      expect(statusOf(test, sha)?.state).toBe('pending');
      for (const agent of fleet.agents) fleet.rejoin(agent);
      await fleet.run(60);
      expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
      expect(fleet.having('2.0.0')).toEqual([1]);
    },
  );

  it.each(['careful', 'immediate'])('fails where its only agent never comes back: %s', async (named) => {
    const { test, fleet } = await installedStory({ count: 1 }, packageFiles('1.0.0', { named }));
    const sha = await test.commit(packageFiles('2.0.0', { named }));
    await fleet.run(500, () => 'leave');
    expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
  });

  it('fails where its agent starts anew again and again with it', async () => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    for (let turn = 0; turn < 20; turn += 1) {
      await fleet.run(10, () => 'ignore');
      const [canary] = fleet.offeredTo('2.0.0');
      const agent = fleet.agents.find(({ number }) => number === canary);
      if (!agent) continue;
      agent.done = undefined;
      fleet.rejoin(agent);
    }
    expect(new Set(fleet.offeredTo('2.0.0')).size).toBe(1);
    expect(statusOf(test, sha)?.description).toMatch(/no answer$/);
  });

  it('fails with its budget after the first step, and one agent within it goes back alone', async () => {
    const rollout = 'kind: Rollout\nsteps: [{name: first, count: 1, soak: 5s}]\nfailure: {maxFailed: 1}\n';
    const { test, fleet } = await installedStory({}, packageFiles('1.0.0', { rollout }));
    const good = await test.commit(packageFiles('2.0.0', { rollout }));
    let bad: number | undefined;
    const oneBad = (version: string, { number }: { readonly number: number }) => {
      if (version === '2.0.0' && fleet.having('2.0.0').length > 0) bad ??= number;
      return version === '2.0.0' && number === bad ? 'fail' : 'install';
    };
    await fleet.run(120, oneBad);
    expect(statusOf(test, good)).toMatchObject({ state: 'success' });
    expect(fleet.having('1.0.0')).toEqual([bad]);
    expect(fleet.offeredTo('2.0.0').filter((number) => number === bad)).toHaveLength(1);
  });

  it('keeps within maxInFlight', async () => {
    const rollout = 'kind: Rollout\nmaxInFlight: 3\nsteps: [{name: first, count: 1, soak: 1s}]\n';
    const { test, fleet } = await installedStory({}, packageFiles('1.0.0', { rollout }));
    const sha = await test.commit(packageFiles('2.0.0', { rollout }));
    const most = { installing: 0 };
    const done = await fleet.runUntil(() => {
      most.installing = Math.max(most.installing, fleet.installing());
      return statusOf(test, sha)?.state === 'success';
    }, 600);
    expect(done, statusOf(test, sha)?.description).toBe(true);
    expect(most.installing).toBe(3);
  });

  it('is not held up by agents that never report package statuses, nor are they its canaries', async () => {
    const mute = installerCapabilities & ~agentCapability.reportsPackageStatuses;
    const capabilities = (number: number) => (number <= 10 ? mute : installerCapabilities);
    const { test, fleet } = await installedStory({ capabilities });
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(8);
    expect(fleet.offeredTo('2.0.0').every((number) => number > 10)).toBe(true);
    await fleet.run(60);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'success',
      description: 'packages: 30/40 applied and healthy, 10 cannot confirm',
    });
    expect(new Set(fleet.offeredTo('2.0.0')).size).toBe(40);
  });

  it('reaches agents that poll by the same steps', async () => {
    const { test, fleet } = await installedStory({ transport: () => 'http' });
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(18);
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
    await fleet.run(240);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
    expect(fleet.having('2.0.0')).toHaveLength(40);
  });

  it('without a Rollout goes by the built-in one', async () => {
    const { test, fleet } = await installedStory({}, packageFiles('1.0.0', { named: '' }));
    const sha = await test.commit(packageFiles('2.0.0', { named: '' }));
    await fleet.run(55);
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
    await fleet.run(600);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('that nobody had before is left as it is where its first agent fails, and goes to nobody else', async () => {
    const { test, fleet } = await installedStory(
      {},
      packageFiles('1.0.0', { selector: '{matchLabels: {a: b}}' }),
    );
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(120, () => 'fail');
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
    expect(fleet.offeredTo('1.0.0')).toEqual([]);
    expect(statusOf(test, sha)?.description).toMatch(/^packages: 1 failed, with no last good to go back to/);
  });

  it('holds an agent without a file for its platform, which fails the commit once all others have it', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(packageFiles('1.0.0'));
    const fleet = createPackageFleet(test, {
      count: 10,
      arch: (number) => (number === 1 ? 'arm64' : 'amd64'),
    });
    await fleet.run(20);
    expect(statusOf(test, sha)?.state).toBe('pending');
    await fleet.run(60);
    expect(fleet.having('1.0.0')).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(statusOf(test, sha)).toMatchObject({
      state: 'failure',
      description: 'packages: 1 agent held, no file to offer them',
    });
  });
});

describe('a Package that is reverted', () => {
  it('goes out at once', async () => {
    const { test, fleet } = await installedStory();
    await test.commit(packageFiles('2.0.0'));
    await fleet.run(90);
    expect(fleet.having('2.0.0')).toHaveLength(40);
    const sha = await test.commit(packageFiles('1.0.0'));
    await fleet.run(3);
    expect(fleet.having('1.0.0')).toHaveLength(40);
    await fleet.run(15);
    expect(statusOf(test, sha)).toMatchObject({ state: 'success' });
  });

  it('in the middle of a rollout leaves nobody on the new version', async () => {
    const { test, fleet } = await installedStory();
    await test.commit(packageFiles('2.0.0'));
    await fleet.run(20);
    expect(fleet.having('2.0.0').length).toBeGreaterThan(1);
    await test.commit(packageFiles('1.0.0'));
    await fleet.run(3);
    expect(fleet.having('1.0.0')).toHaveLength(40);
  });

  it('and only commented on is no new target', async () => {
    const { test, fleet } = await installedStory();
    const files = packageFiles('1.0.0');
    const path = 'packages/otelcol.yaml';
    await test.commit({
      ...files,
      [path]: `# why\n${files[path]}`.replace('files.example', 'mirror.example'),
    });
    await fleet.run(60);
    expect(fleet.offeredTo('1.0.0')).toHaveLength(40);
    expect(packageRolloutOf(test).phase).toBe('passed');
  });
});

describe('a service that starts anew while a Package goes out', () => {
  it.each([0, 5, 15, 30])('goes on at its step when killed after %i s', async (at) => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(at);
    const before = packageRolloutOf(test);
    const next = await restartReconciler(test);
    expect(packageRolloutOf(next)).toMatchObject({ step: before.step, thresholds: before.thresholds });
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(240);
    expect(fleet.having('2.0.0')).toHaveLength(40);
    expect(statusOf(next, sha)).toMatchObject({ state: 'success' });
  });

  it('offers nobody anything before the step is stored', async () => {
    const { test, fleet } = await installedStory();
    let written = () => {};
    test.disk.written = new Promise((resolve) => {
      written = resolve;
    });
    const pass = test.commit(packageFiles('2.0.0'));
    await eventuallyHolds(() => expect(packageStepKept(test.facts)).toBe(0));
    await new Promise((resolve) => setImmediate(resolve));
    expect(
      test.settings.filter(({ packages }) => packages?.packages.get('otelcol')?.version === '2.0.0'),
    ).toEqual([]);
    written();
    await pass;
    await fleet.run(2);
    expect(fleet.offeredTo('2.0.0')).toHaveLength(1);
  });

  it('takes back a bad version all the same', async () => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(4, () => 'ignore');
    const next = await restartReconciler(test);
    fleet.moveTo(next);
    next.reconciler.confirm();
    await fleet.run(120, (version) => (version === '2.0.0' ? 'fail' : 'install'));
    expect(new Set(fleet.offeredTo('2.0.0')).size).toBe(1);
    expect(fleet.having('1.0.0')).toHaveLength(40);
    expect(statusOf(next, sha)).toMatchObject({ state: 'failure' });
  });
});

describe('an operator and the rollout of a Package', () => {
  it('pauses it, lets it go on, aborts it, and pins the version before', async () => {
    const { test, fleet } = await installedStory();
    const { rollouts } = test.reconciler.commands;
    await test.commit(packageFiles('2.0.0'));
    await fleet.run(8);
    rollouts.pause(id, by);
    await fleet.run(120);
    expect(fleet.having('2.0.0')).toHaveLength(1);
    rollouts.resume(id, by);
    await fleet.run(20);
    expect(fleet.having('2.0.0').length).toBeGreaterThan(1);
    rollouts.abort(id, by);
    await fleet.run(20);
    expect(fleet.having('1.0.0')).toHaveLength(40);
    rollouts.retry(id, by);
    await fleet.run(120);
    expect(fleet.having('2.0.0')).toHaveLength(40);
    rollouts.pin(id, 'previous', by);
    await fleet.run(5);
    expect(fleet.having('1.0.0')).toHaveLength(40);
    rollouts.unpin(id, by);
    await fleet.run(120);
    expect(fleet.having('2.0.0')).toHaveLength(40);
  });

  it('pins the version before for agents that poll and have nothing to say', async () => {
    const { test, fleet } = await installedStory({ transport: () => 'http' });
    await test.commit(packageFiles('2.0.0'));
    await fleet.run(240);
    expect(fleet.having('2.0.0')).toHaveLength(40);
    test.reconciler.commands.rollouts.pin(id, 'previous', by);
    await fleet.run(60);
    expect(fleet.having('1.0.0')).toHaveLength(40);
  });

  it('tries a version again that failed, and its commit gets another verdict', async () => {
    const { test, fleet } = await installedStory();
    const sha = await test.commit(packageFiles('2.0.0'));
    await fleet.run(60, (version) => (version === '2.0.0' ? 'fail' : 'install'));
    expect(statusOf(test, sha)?.state).toBe('failure');
    test.reconciler.commands.rollouts.retry(id, by);
    await fleet.run(120);
    expect(fleet.having('2.0.0')).toHaveLength(40);
    expect(statusOf(test, sha)?.state).toBe('success');
  });
});
