import { describe, expect, it } from 'vitest';
import type { AgentReport } from '../../../src/model/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { collectorText, oneTenant } from '../../support/service.ts';
import { createTestReconciler, type TestReconciler } from '../../support/test-reconciler.ts';

const uid = uidOf(7);
const hello: Partial<AgentReport> = {
  uid,
  sequence: 0,
  description: descriptionOf({ 'service.name': 'otelcol', 'host.name': 'web-1' }),
  health: healthOf(true),
};
const http = { id: 'h1', transport: 'http' } as const;

function entryOf(test: TestReconciler) {
  return test.reconciler.world.registry.get(uid);
}

/** Connects the agent and has it apply what it is offered; returns the hash. */
async function settle(test: TestReconciler, session?: typeof http) {
  test.receive(hello, session);
  await test.reconciler.idle();
  const reply = test.receive({ uid, sequence: 1 }, session);
  const hash = reply.offer?.hash ?? test.pushed.at(-1)?.config.hash;
  if (hash === undefined) throw new Error('nothing was offered');
  const body = (reply.offer ?? test.pushed.at(-1)?.config)?.files[0]?.body ?? new Uint8Array();
  test.receive(
    {
      uid,
      sequence: 2,
      remoteConfigStatus: { hash, state: 'applied', errorMessage: '' },
      effectiveConfig: { files: [{ key: '', contentType: 'text/yaml', body }] },
    },
    session,
  );
  await test.reconciler.idle();
  return hash;
}

describe('what only time decides', () => {
  it('C-HB-3 [I] an HTTP agent that falls silent is not connected after the liveness limit, Missing after one more, forgotten after a day', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    await settle(test, http);
    expect(entryOf(test)?.facts).toMatchObject({ delivery: 'applied', sync: 'Synced', connected: true });
    await test.pass(85_000, 17);
    expect(entryOf(test)?.facts.connected).toBe(true);
    await test.pass(10_000, 2);
    expect(entryOf(test)?.facts).toMatchObject({ connected: false, health: 'Healthy' });
    await test.pass(100_000, 20);
    expect(entryOf(test)?.facts).toMatchObject({ connected: false, health: 'Missing' });
    await test.pass(80_000_000, 8_000);
    expect(entryOf(test)).toBeDefined();
    await test.pass(10_000_000, 1_000);
    expect(entryOf(test)).toBeUndefined();
  });

  it('C-HB-2 [I] any message counts as a sign of life', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    await settle(test, http);
    for (let sequence = 3; sequence < 8; sequence += 1) {
      await test.pass(80_000, 8);
      test.receive({ uid, sequence, health: healthOf(sequence % 2 === 0) }, http);
    }
    expect(entryOf(test)?.facts.connected).toBe(true);
  });

  it('C-ID-6 [I] an agent that says goodbye is forgotten after ten minutes', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    await settle(test);
    test.receive({ uid, sequence: 3, disconnect: true });
    await test.pass(590_000, 59);
    expect(entryOf(test)?.facts.connected).toBe(false);
    await test.pass(20_000, 2);
    expect(entryOf(test)).toBeUndefined();
  });

  it('23 a clock that jumps an hour, or an event loop that stood still, expires nobody', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    await settle(test, http);
    await test.pass(5_000, 5);
    test.clock.jump(3_600_000);
    await test.pass(1_000);
    expect(entryOf(test)?.facts.connected).toBe(true);
    test.receive({ uid, sequence: 3 }, http);
    await test.pass(600_000);
    expect(entryOf(test)?.facts.connected).toBe(true);
    await test.pass(200_000, 40);
    expect(entryOf(test)?.facts.connected, 'really silent since').toBe(false);
  });

  it('21 an offer that is never answered fails the commit when its time is over, and is made again at intervals only', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    test.receive(hello);
    await test.reconciler.idle();
    expect(test.pushed).toHaveLength(1);
    await test.pass(290_000, 58);
    expect(test.standing(sha).get('muster/fleet')?.state).toBe('pending');
    expect(test.pushed).toHaveLength(1);
    await test.pass(80_000, 16);
    expect(test.pushed).toHaveLength(2);
    expect(test.standing(sha).get('muster/fleet')).toMatchObject({
      state: 'failure',
      description: '1 failed: web-1 no answer',
    });
    await test.pass(400_000, 80);
    expect(test.pushed.length).toBeLessThanOrEqual(4);
  });

  it('an agent that stays unhealthy after APPLIED fails the commit after the health timeout', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    const hash = await settle(test);
    const next = await test.commit({ ...oneTenant, 'edge/collector.yaml': collectorText('8s') });
    expect(test.standing(sha).get('muster/fleet')?.state).toBe('success');
    const second = test.pushed.at(-1)?.config.hash ?? hash;
    expect(second).not.toBe(hash);
    test.receive({
      uid,
      sequence: 3,
      remoteConfigStatus: { hash: second, state: 'applied', errorMessage: '' },
      health: healthOf(false, 'port in use'),
    });
    await test.pass(290_000, 58);
    expect(test.standing(next).get('muster/fleet')?.state).toBe('pending');
    await test.pass(20_000, 4);
    expect(test.standing(next).get('muster/fleet')).toMatchObject({
      state: 'failure',
      description: '1 failed: web-1 unhealthy',
    });
  });

  it('an overlay that expires changes the config without a commit', async () => {
    const test = createTestReconciler();
    const overlay = `overlays:\n  - {name: debug, when: {}, config: edge/debug.yaml, expires: "2026-01-02"}\n`;
    await test.commit({
      ...oneTenant,
      'edge.yaml': `${oneTenant['edge.yaml']}${overlay}`,
      'edge/debug.yaml': 'processors:\n  batch: {timeout: 99s}\n',
    });
    await settle(test);
    expect(new TextDecoder().decode(test.pushed.at(-1)?.config.files[0]?.body)).toContain('99s');
    await test.pass(3 * 86_400_000);
    test.receive({ uid, sequence: 3 });
    await test.reconciler.idle();
    expect(new TextDecoder().decode(test.pushed.at(-1)?.config.files[0]?.body)).not.toContain('99s');
  });

  it('"no agents match" is pending for two liveness limits after a start', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    await test.pass(170_000, 34);
    expect(test.standing(sha).get('muster/fleet')?.state).toBe('pending');
    await test.pass(20_000, 4);
    expect(test.standing(sha).get('muster/fleet')).toMatchObject({
      state: 'success',
      description: 'no agents match',
    });
  });

  it('an unchanged commit leaves verdicts and agents alone, and a later one supersedes an open one', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    await settle(test);
    const open = await test.commit({ ...oneTenant, 'edge/collector.yaml': collectorText('8s') });
    expect(test.standing(open).get('muster/fleet')?.state).toBe('pending');
    const next = await test.commit({ ...oneTenant, 'edge/collector.yaml': collectorText('9s') });
    expect(test.standing(open).get('muster/fleet')?.description).toContain(
      `superseded by ${next.slice(0, 7)}`,
    );
    const hash = test.pushed.at(-1)?.config.hash;
    test.receive({
      uid,
      sequence: 3,
      remoteConfigStatus: { hash: hash as never, state: 'applied', errorMessage: '' },
    });
    await test.pass(2_000, 2);
    expect(test.standing(next).get('muster/fleet')?.state).toBe('success');
    expect(test.standing(open).get('muster/fleet')).toMatchObject({ state: 'success' });
    const quiet = await test.commit({
      ...oneTenant,
      'edge/collector.yaml': collectorText('9s'),
      'README.txt': 'x',
    });
    expect(test.standing(quiet).get('muster/fleet')?.state).toBe('success');
    expect(test.pushed).toHaveLength(3);
  });
});
