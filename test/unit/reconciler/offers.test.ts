import { expect, it } from 'vitest';
import type { AgentReport } from '../../../src/model/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { collectorText, oneTenant } from '../../support/service.ts';
import { createTestReconciler } from '../../support/test-reconciler.ts';

const uid = uidOf(7);
const hello: Partial<AgentReport> = {
  uid,
  sequence: 0,
  description: descriptionOf({ 'service.name': 'otelcol', 'host.name': 'web-1' }),
  health: healthOf(true),
};
const configFor = (name: string) =>
  `kind: AgentConfig\nselector: {matchLabels: {service.name: ${name}}}\nconfig: edge/collector.yaml\nrollout: immediate\n`;

/** What an agent that says hello is offered under these files, in the reply or later. */
async function offersUnder(files: Readonly<Record<string, string>>) {
  const test = createTestReconciler();
  const sha = await test.commit(files);
  const { offer } = test.receive(hello);
  await test.reconciler.idle();
  return { test, sha, offers: [...(offer ? [offer] : []), ...test.pushed.map(({ config }) => config)] };
}

const deliveryOf = (test: ReturnType<typeof createTestReconciler>) =>
  test.reconciler.world.registry.get(uid)?.facts.delivery;

it('an agent that matches is offered its config', async () => {
  expect((await offersUnder(oneTenant)).offers).toHaveLength(1);
});

it('C-RC-8 [P] no match is no offer', async () => {
  const { test, offers } = await offersUnder({ ...oneTenant, 'edge.yaml': configFor('gateway') });
  expect(offers).toEqual([]);
  expect(deliveryOf(test)).toBe('unmanaged');
});

it('C-RC-8 [P] an empty config map is never offered', async () => {
  const { test, sha, offers } = await offersUnder({ ...oneTenant, 'edge/collector.yaml': '{}\n' });
  expect(offers).toEqual([]);
  expect(test.standing(sha).get('muster/default')?.state).toBe('failure');
});

it('a config with a variable that the agent lacks is held, and the status says so', async () => {
  const { test, sha, offers } = await offersUnder({
    ...oneTenant,
    'fleet.yaml': 'kind: Fleet\nagentVars: [service.version]\n',
    'edge/collector.yaml': collectorText('$(agent.service.version)'),
  });
  expect(offers).toEqual([]);
  expect(test.standing(sha).get('muster/default')?.description).toBe('1 held: lacks an attribute');
});

it('a conflict keeps what the agent has', async () => {
  const { test, offers } = await offersUnder(oneTenant);
  const hash = offers[0]?.hash ?? ('' as never);
  test.receive({ uid, sequence: 1, remoteConfigStatus: { hash, state: 'applied', errorMessage: '' } });
  await test.reconciler.idle();
  const pushed = test.pushed.length;
  await test.commit({
    ...oneTenant,
    'twin.yaml':
      'kind: AgentConfig\nselector: {matchLabels: {host.name: web-1}}\nconfig: edge/other.yaml\nrollout: immediate\n',
    'edge/other.yaml': collectorText('77s'),
  });
  expect(deliveryOf(test)).toBe('conflict');
  expect(test.pushed).toHaveLength(pushed);
});
