import { describe, expect, it } from 'vitest';
import type { AgentReport, ConfigHash } from '../../../src/model/index.ts';
import { descriptionOf, fullCapabilities, healthOf, uidOf } from '../../support/agents.ts';
import { collectorText } from '../../support/service.ts';
import { createTestReconciler, type TestReconciler } from '../../support/test-reconciler.ts';

const rollout = `kind: Rollout
steps:
  - {name: first, count: 1, soak: 10s}
  - {name: half, percent: 50, soak: 10s}
failure: {healthTimeout: 30s}
`;
const manifest = 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n';
const files = (marker: string, extra = '') => ({
  'careful.yaml': rollout,
  'edge.yaml': manifest + extra,
  'edge/collector.yaml': collectorText(marker),
});

/** A fleet whose agents apply what they are offered, or do what `behave` says for a config with this marker. */
async function createFleet(test: TestReconciler, count: number) {
  const sequences = new Map<number, number>();
  const seen = { offers: 0 };
  const bodies = new Map<string, string>();
  const send = (number: number, report: Partial<AgentReport>) => {
    const sequence = sequences.get(number) ?? 0;
    sequences.set(number, sequence + 1);
    return test.reconciler.receive(
      {
        uid: uidOf(number),
        sequence,
        capabilities: fullCapabilities & ~0x4,
        disconnect: false,
        requestsUid: false,
        ...report,
      } as AgentReport,
      { id: `c${number}`, transport: 'ws', tenant: 'default', credential: 'anonymous' },
    );
  };
  const join = (number: number) => {
    const reply = send(number, {
      description: descriptionOf({ 'service.name': 'otelcol', 'host.name': `h${number}` }),
      health: healthOf(true),
    });
    if (reply.offer) take(number, reply.offer);
  };
  const got = new Map<number, string>();
  const take = (number: number, offer: { hash: ConfigHash; files: readonly { body: Uint8Array }[] }) => {
    bodies.set(offer.hash, new TextDecoder().decode(offer.files[0]?.body));
    got.set(number, offer.hash);
  };
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  for (const number of numbers) join(number);
  await test.reconciler.idle();
  /** Everyone answers what is on its wire: applied, or as `answer` says. */
  const settle = async (
    answer: (body: string, number: number) => 'applied' | 'failed' | 'silent' | 'sick' = () => 'applied',
  ) => {
    for (const { uid, config } of test.pushed.slice(seen.offers))
      take(Number.parseInt(uid.slice(-12), 16), config);
    seen.offers = test.pushed.length;
    for (const [number, hash] of [...got]) {
      const word = answer(bodies.get(hash) ?? '', number);
      if (word === 'silent') continue;
      got.delete(number);
      const state = word === 'failed' ? 'failed' : 'applied';
      const { offer } = send(number, {
        remoteConfigStatus: { hash: hash as ConfigHash, state, errorMessage: '' },
      });
      if (offer) take(number, offer);
      if (word === 'sick') send(number, { health: healthOf(false, 'exporter failed') });
      else if (word === 'applied') send(number, { health: healthOf(true) });
    }
    await test.reconciler.idle();
  };
  /** Lets time pass second by second while agents answer. */
  const run = async (seconds: number, answer?: Parameters<typeof settle>[0]) => {
    for (let second = 0; second < seconds; second += 1) {
      await settle(answer);
      await test.pass(1_000);
    }
    await settle(answer);
  };
  const running = (marker: string) =>
    numbers.filter((number) => {
      const status = test.reconciler.world.registry.get(uidOf(number))?.agent.remoteConfigStatus;
      return status?.state === 'applied' && (bodies.get(status.hash) ?? '').includes(`timeout: ${marker}`);
    });
  return { send, run, settle, running, numbers };
}

const fleetStatus = (test: TestReconciler, sha: string) => test.standing(sha).get('muster/fleet');
const unitOf = (test: TestReconciler) => test.reconciler.world.rollouts.of('default', 'edge');

describe('a rollout by steps', () => {
  it('goes out to one, then to half, then to all, and says where it is', async () => {
    const test = createTestReconciler();
    const first = await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    expect(fleetStatus(test, first)).toMatchObject({ state: 'success' });
    expect(fleet.running('5s')).toHaveLength(10);

    const second = await test.commit(files('7s'));
    await fleet.run(5);
    expect(fleet.running('7s')).toHaveLength(1);
    expect(fleetStatus(test, second)).toMatchObject({ state: 'pending' });
    expect(fleetStatus(test, second)?.description).toMatch(/rolling out: 1\/10 applied, step first/);
    await fleet.run(12);
    const half = fleet.running('7s').length;
    expect(half).toBeGreaterThan(1);
    expect(half).toBeLessThan(10);
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(10);
    expect(fleetStatus(test, second)).toMatchObject({
      state: 'success',
      description: '10/10 applied and healthy',
    });
    expect(test.events.map(({ kind }) => kind)).toContain('rollout-passed');
  });

  it('offers nothing for a step before the step outlives the process', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    const offers = test.pushed.length;
    let write = () => {};
    test.disk.written = new Promise((resolve) => {
      write = resolve;
    });
    const commit = test.commit(files('7s'));
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(test.facts.get('rollout/default/edge')).toMatchObject({ step: 0 });
    expect(test.pushed).toHaveLength(offers);
    write();
    await commit;
    await fleet.run(2);
    expect(test.pushed).toHaveLength(offers + 1);
  });

  it('goes on from what an operator did while a step was being stored', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    let write = () => {};
    test.disk.written = new Promise((resolve) => {
      write = resolve;
    });
    const commit = test.commit(files('7s'));
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    test.reconciler.commands.rollouts.abort('default/edge', { actor: 'op', reason: 'drill' });
    write();
    await commit;
    await fleet.run(60);
    expect(unitOf(test)?.state.phase).toBe('aborted');
    expect(test.facts.get('rollout/default/edge')).toMatchObject({ phase: 'aborted' });
    expect(fleet.running('5s')).toHaveLength(10);
  });

  it('goes back to last good when the first agent refuses it, and offers it to nobody again', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    const bad = await test.commit(files('66s'));
    const refuse = (body: string) => (body.includes('timeout: 66s') ? 'failed' : 'applied');
    await fleet.run(20, refuse);
    expect(fleetStatus(test, bad)).toMatchObject({ state: 'failure' });
    expect(fleetStatus(test, bad)?.description).toMatch(/1 failed, roll(ed|s) back to/);
    const offers = test.pushed.length;
    await fleet.run(120, refuse);
    expect(test.pushed).toHaveLength(offers);
    expect(fleet.running('5s')).toHaveLength(10);
    expect(unitOf(test)?.state.phase).toBe('rolled-back');
  });

  it('goes back when its agents turn unhealthy, wherever it is', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    const bad = await test.commit(files('77s'));
    await fleet.run(90, (body) => (body.includes('timeout: 77s') ? 'sick' : 'applied'));
    expect(fleetStatus(test, bad)).toMatchObject({ state: 'failure' });
    expect(fleet.running('5s')).toHaveLength(10);
  });

  it('lets a revert go out at once, without steps', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    await test.commit(files('7s'));
    await fleet.run(120);
    expect(fleet.running('7s')).toHaveLength(10);
    const revert = await test.commit(files('5s'));
    await fleet.run(3);
    expect(fleet.running('5s')).toHaveLength(10);
    await fleet.run(15);
    expect(fleetStatus(test, revert)).toMatchObject({ state: 'success' });
  });

  it('is not touched by a commit that changes nothing of it, and is superseded by one that does', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    const second = await test.commit(files('7s'));
    await fleet.run(3);
    const before = unitOf(test)?.state;
    const comment = { ...files('7s'), 'edge/collector.yaml': `# a comment\n${collectorText('7s')}` };
    const third = await test.commit(comment);
    await fleet.run(1);
    expect(unitOf(test)?.state).toMatchObject({ target: before?.target, startedAt: before?.startedAt });
    expect(fleet.running('7s')).toHaveLength(1);
    const fourth = await test.commit(files('8s'));
    await fleet.run(5);
    expect(fleet.running('8s')).toHaveLength(1);
    expect(fleet.running('5s')).toHaveLength(9);
    await fleet.run(90);
    expect(fleet.running('8s')).toHaveLength(10);
    expect(fleetStatus(test, fourth)).toMatchObject({ state: 'success' });
    for (const sha of [second, third]) expect(fleetStatus(test, sha)).toMatchObject({ state: 'success' });
  });

  it('goes on where it was after a restart', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 4);
    await fleet.run(60);
    await test.commit(files('7s'));
    await fleet.run(5);
    const state = unitOf(test)?.state;
    expect(state).toMatchObject({ phase: 'running', step: 0 });
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(test.facts.get('rollout/default/edge')).toEqual(state);
  });

  it('waits for its windows and tells until when', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 3);
    await fleet.run(60);
    const frozen = `${rollout}freeze:\n  - {from: 2025-12-01, to: 2026-02-01, reason: holidays}\n`;
    const held = await test.commit({ ...files('7s'), 'careful.yaml': frozen });
    await fleet.run(20);
    expect(fleet.running('7s')).toEqual([]);
    expect(fleetStatus(test, held)?.description).toMatch(/frozen until 2026-02-01.*holidays/);
    await test.commit(files('7s'));
    await fleet.run(60);
    expect(fleet.running('7s')).toHaveLength(3);
  });

  it('gives a fresh agent last good at once, whatever step the new target is at', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 10);
    await fleet.run(120);
    await test.commit(files('7s'));
    await fleet.run(2);
    const before = new Map(test.pushed.map(({ uid, config }) => [uid, config.hash]));
    const pod = uidOf(99);
    const reply = fleet.send(99, {
      description: descriptionOf({ 'service.name': 'otelcol', 'host.name': 'pod' }),
      health: healthOf(true),
    });
    await fleet.run(1);
    const offer = reply.offer ?? test.pushed.find(({ uid }) => uid === pod)?.config;
    expect(new TextDecoder().decode(offer?.files[0]?.body)).toContain('timeout: 5s');
    expect(before.has(pod)).toBe(false);
  });

  it('is paused, goes on, is aborted and pinned by an operator, with a reason and an event', async () => {
    const test = createTestReconciler();
    const { rollouts } = test.reconciler.commands;
    const id = 'default/edge';
    const act = { actor: 'operator', reason: 'incident 7' };
    await test.commit(files('5s'));
    const fleet = await createFleet(test, 6);
    await fleet.run(90);
    const second = await test.commit(files('7s'));
    rollouts.pause(id, act);
    await fleet.run(30);
    expect(fleet.running('7s').length).toBeLessThanOrEqual(1);
    expect(fleetStatus(test, second)?.description).toContain('paused');
    rollouts.resume(id, act);
    await fleet.run(14);
    expect(fleet.running('7s').length).toBeGreaterThan(1);
    rollouts.abort(id, act);
    await fleet.run(10);
    expect(fleet.running('5s')).toHaveLength(6);
    expect(fleetStatus(test, second)).toMatchObject({ state: 'failure' });
    rollouts.retry(id, act);
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(6);
    expect(fleetStatus(test, second)).toMatchObject({ state: 'success' });
    rollouts.pin(id, 'previous', act);
    await fleet.run(5);
    expect(fleet.running('5s')).toHaveLength(6);
    rollouts.unpin(id, act);
    await fleet.run(90);
    expect(fleet.running('7s')).toHaveLength(6);
    expect(test.events.filter(({ actor }) => actor === 'operator').map(({ kind }) => kind)).toEqual([
      'rollout-pause',
      'rollout-resume',
      'rollout-abort',
      'rollout-retry',
      'rollout-pin',
      'rollout-unpin',
    ]);
    expect(() => rollouts.pause('default/nobody', act)).toThrow(/no rollout/);
  });

  it('waits for the approval of a step, by an operator or by a commit', async () => {
    const test = createTestReconciler();
    const approved = rollout
      .replace('count: 1, soak: 10s', 'count: 1, soak: 1s')
      .replace('soak: 10s}\nf', 'soak: 1s, approval: true}\nf');
    await test.commit({ ...files('5s'), 'careful.yaml': approved });
    const fleet = await createFleet(test, 4);
    await fleet.run(20);
    expect(unitOf(test)?.state).toMatchObject({ step: 0 });
    test.reconciler.commands.rollouts.approve('default/edge', { actor: 'operator', reason: 'looks good' });
    await fleet.run(30);
    expect(unitOf(test)?.state.phase).toBe('passed');
    const second = await test.commit({ ...files('7s'), 'careful.yaml': approved });
    await fleet.run(20);
    expect(fleetStatus(test, second)?.description).toContain('step half waits for approval');
    await test.commit({
      ...files('7s'),
      'careful.yaml': approved,
      'fleet.yaml': `kind: Fleet\napprove: ["${second.slice(0, 12)}/half"]\n`,
    });
    await fleet.run(30);
    expect(fleet.running('7s')).toHaveLength(4);
  });

  it('waits for the AgentConfigs that it comes after', async () => {
    const test = createTestReconciler();
    const pair = (marker: string) => ({
      ...files(marker, 'after: [gateway]\n'),
      'edge.yaml':
        'kind: AgentConfig\nselector: {matchLabels: {service.name: otelcol}}\nconfig: edge/collector.yaml\nrollout: careful\nafter: [gateway]\n',
      'gateway.yaml':
        'kind: AgentConfig\nselector: {matchLabels: {service.name: gateway}}\nconfig: edge/gateway.yaml\nrollout: careful\n',
      'edge/gateway.yaml': collectorText(marker),
    });
    await test.commit(pair('5s'));
    const gateway = uidOf(50);
    const hello = test.receive(
      {
        uid: gateway,
        description: descriptionOf({ 'service.name': 'gateway', 'host.name': 'gw' }),
        health: healthOf(true),
        capabilities: fullCapabilities & ~0x4,
      },
      { id: 'gw', transport: 'ws' },
    );
    const fleet = await createFleet(test, 3);
    await fleet.run(10);
    // The gateway has not answered yet.
    expect(fleet.running('5s')).toEqual([]);
    const offer = hello.offer ?? test.pushed.find(({ uid }) => uid === gateway)?.config;
    test.receive(
      {
        uid: gateway,
        sequence: 1,
        capabilities: fullCapabilities & ~0x4,
        remoteConfigStatus: { hash: offer?.hash ?? '', state: 'applied', errorMessage: '' },
      },
      { id: 'gw', transport: 'ws' },
    );
    await fleet.run(120);
    expect(fleet.running('5s')).toHaveLength(3);
  });

  it('finds last good after many commits, with the files of few of them', async () => {
    const test = createTestReconciler();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const markers = new Map(names.map((name) => [name, 1]));
    const repo = () => ({
      'careful.yaml': rollout,
      ...Object.fromEntries(
        names.flatMap((name) => [
          [
            `${name}.yaml`,
            `kind: AgentConfig\nselector: {matchLabels: {service.name: ${name === 'a' ? 'otelcol' : name}}}\nconfig: body/${name}.yaml\nrollout: careful\n`,
          ],
          [`body/${name}.yaml`, collectorText(`${markers.get(name)}s`)],
        ]),
      ),
    });
    await test.commit(repo());
    const fleet = await createFleet(test, 3);
    await fleet.run(60);
    for (let round = 0; round < 60; round += 1) {
      const name = names[1 + (round % 4)] ?? 'b';
      markers.set(name, 100 + round);
      await test.commit(repo());
    }
    markers.set('a', 66);
    await test.commit(repo());
    await fleet.run(20, (body) => (body.includes('timeout: 66s') ? 'failed' : 'applied'));
    expect(test.reconciler.world.rollouts.of('default', 'a')?.state.phase).toBe('rolled-back');
    expect(fleet.running('1s')).toHaveLength(3);
    // Targets that never passed have their newest commit only.
    expect(test.reconciler.world.archive.revisions().size).toBeLessThanOrEqual(3);
  });
});
