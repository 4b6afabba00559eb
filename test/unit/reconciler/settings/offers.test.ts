import { describe, expect, it } from 'vitest';
import { type AgentReport, agentCapability } from '../../../../src/model/index.ts';
import type { ReportSession } from '../../../../src/reconciler/index.ts';
import { descriptionOf, uidOf } from '../../../support/agents.ts';
import { statusesOf } from '../../../support/package-agent.ts';
import { oneTenant } from '../../../support/service.ts';
import { createTestReconciler } from '../../../support/test-reconciler.ts';
import { connectionFile, hello, makeSettingsSource } from './settings-source.ts';

const uid = uidOf(7);
const opamp = connectionFile(
  'opamp:\n  heartbeat: 30s\n  headers: {Authorization: "Bearer ${env:MUSTER_CONNECTION_TOKEN}"}\n',
);
const telemetry = connectionFile(
  `ownTelemetry:\n${['metrics', 'traces', 'logs'].map((one) => `  ${one}: {endpoint: https://otlp.example/v1/${one}}\n`).join('')}`,
);
const packages = {
  'packages/agent.yaml': `kind: Package
selector: {}
rollout: immediate
packages:
  agent:
    version: 1.0.0
    files: [{os: linux, arch: amd64, url: https://files.example/agent, sha256: ${'a'.repeat(64)}}]
`,
};
const minute = 60_000;
const silent = (hello.capabilities ?? 0) & ~agentCapability.reportsConnectionSettingsStatus;
const status = (hash: string, state: 'applied' | 'applying' | 'failed') => ({
  connectionSettingsStatus: { hash, state, errorMessage: '' },
});

async function start(files: Readonly<Record<string, string>>) {
  const server = await makeSettingsSource({ opampUrl: 'wss://muster.example/v1/opamp' });
  const test = createTestReconciler(server.source);
  await test.commit({ ...oneTenant, ...files });
  const settle = async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      await server.idle();
      await test.reconciler.idle();
    }
  };
  const sent: string[] = [];
  const send = async (report: Partial<AgentReport>, session: Partial<ReportSession> = {}) => {
    const from = { id: 'c1', transport: 'ws', secure: true, ...session } as const;
    const reply = test.receive({ uid, ...hello, ...report }, from);
    if (reply.connection) sent.push(reply.connection.hash);
    if (reply.packages) sent.push(reply.packages.hash);
    await settle();
    for (const { connection, packages: offered } of test.settings.splice(0))
      sent.push(connection?.hash ?? offered?.hash ?? '');
    return reply;
  };
  const pass = async (milliseconds: number, steps: number) => {
    for (let step = 0; step < steps; step += 1) {
      await test.pass(milliseconds / steps);
      await settle();
      for (const { connection, packages: offered } of test.settings.splice(0))
        sent.push(connection?.hash ?? offered?.hash ?? '');
    }
  };
  return { ...server, test, send, pass, sent };
}

describe('connection settings', () => {
  it('C-CS-6 [M] go out where the agent names another hash, and not where it names this one, in whichever state', async () => {
    for (const state of ['applied', 'applying', 'failed'] as const) {
      const { send, pass, sent } = await start(opamp);
      await send({});
      expect(sent).toHaveLength(1);
      await send({ sequence: 1, ...status(sent[0] ?? '', state) });
      await pass(600 * minute, 60);
      expect(sent, state).toHaveLength(1);
      await send({ sequence: 2, ...status('00', 'applied') }, { id: 'c2' });
      await pass(10 * minute, 10);
      expect(sent.length, state).toBeGreaterThan(1);
    }
  });

  it('C-CS-4 [S] go out with the first reply to an agent of a kind that is known', async () => {
    const { test, send } = await start(telemetry);
    await send({});
    const reply = test.receive({ uid: uidOf(8), ...hello }, { id: 'c8', transport: 'ws' });
    expect(reply.connection?.ownMetrics?.endpoint).toBe('https://otlp.example/v1/metrics');
  });

  it('do not chase an agent that reconnects for each offer and never says that it took one', async () => {
    const { send, pass, sent } = await start(opamp);
    for (let turn = 0; turn < 600; turn += 1) {
      await send({ sequence: 0 }, { id: `c${turn}` });
      await pass(minute / 10, 1);
    }
    expect(sent.length).toBeLessThan(8);
    expect(new Set(sent).size).toBe(1);
  });

  it('that make an agent reconnect go out once to one that reports no status', async () => {
    const { send, pass, sent } = await start(opamp);
    await send({ capabilities: silent });
    for (let turn = 1; turn < 100; turn += 1) {
      await send({ sequence: 0, capabilities: silent }, { id: `c${turn}` });
      await pass(2 * minute, 2);
    }
    expect(sent).toHaveLength(1);
  });

  it('of telemetry go out again to an agent that reports no status, once it has started anew', async () => {
    const { send, pass, sent } = await start(telemetry);
    await send({ capabilities: silent });
    await pass(60 * minute, 30);
    expect(sent).toHaveLength(1);
    await send({ sequence: 0, capabilities: silent }, { id: 'c2' });
    await pass(60 * minute, 30);
    expect(sent).toHaveLength(2);
  });

  it('go out anew within two minutes when a secret of the server changes', async () => {
    const { environment, send, pass, sent } = await start(opamp);
    await send({});
    await send({ sequence: 1, ...status(sent[0] ?? '', 'applied') });
    environment.MUSTER_CONNECTION_TOKEN = 'second-secret';
    await pass(2 * minute, 8);
    expect(new Set(sent).size).toBe(2);
  });

  it('that cannot be filled in are not sent, and the reason names no value', async () => {
    const { environment, test, send, sent } = await start(opamp);
    environment.MUSTER_CONNECTION_TOKEN = 'line\nbreak-secret';
    await send({});
    expect(sent).toEqual([]);
    const agent = test.reconciler.world.registry.get(uid)?.agent;
    const view = agent && test.reconciler.settings.view(agent).connection;
    expect(view).toMatchObject({ manifest: 'default', desiredHash: null });
    expect(view?.reason).toContain('MUSTER_CONNECTION_TOKEN');
    expect(view?.reason).not.toContain('secret');
  });

  it('whose Connection is gone stay as they are: nothing is sent', async () => {
    const { test, send, pass, sent } = await start(opamp);
    await send({});
    await test.commit(oneTenant);
    await pass(60 * minute, 30);
    expect(sent).toHaveLength(1);
  });

  it('of two Connections of one priority are a conflict that is shown, and neither goes out', async () => {
    const { test, send, sent } = await start({
      ...opamp,
      'connections/other.yaml': 'kind: Connection\nselector: {}\nopamp: {heartbeat: 45s}\n',
    });
    await send({});
    expect(sent).toEqual([]);
    const agent = test.reconciler.world.registry.get(uid)?.agent;
    expect(agent && test.reconciler.settings.view(agent).connection.reason).toBe('conflict: default, other');
  });

  it('are put together once for all agents alike, whatever names and versions they make up', async () => {
    const { source } = await makeSettingsSource({ opampUrl: 'wss://muster.example/v1/opamp' });
    let made = 0;
    const test = createTestReconciler({
      ...source,
      connection: (...args) => {
        made += 1;
        return source.connection(...args);
      },
    });
    await test.commit({ ...oneTenant, ...telemetry });
    for (let number = 0; number < 600; number += 1) {
      const description = descriptionOf({ 'service.name': `name ${number}`, 'service.version': `${number}` });
      test.receive({ ...hello, uid: uidOf(number), description }, { id: `c${number}`, transport: 'ws' });
    }
    await test.pass(minute, 4);
    expect(made).toBeLessThan(5);
  });

  it('that a supervisor mishandles are not sent to it because another agent takes them', async () => {
    const { test, send } = await start(opamp);
    await send({});
    const capabilities = (hello.capabilities ?? 0) | agentCapability.acceptsRemoteConfig;
    const session = { id: 'c8', transport: 'ws', secure: true } as const;
    const reply = test.receive({ ...hello, uid: uidOf(8), capabilities }, session);
    expect(reply.connection).toBeUndefined();
    await test.reconciler.idle();
    expect(test.settings.filter((one) => one.uid === uidOf(8))).toEqual([]);
  });

  it('are not sent to an agent that stopped taking them', async () => {
    const { environment, send, pass, sent } = await start(opamp);
    await send({});
    await send({ sequence: 1, capabilities: agentCapability.reportsStatus });
    environment.MUSTER_CONNECTION_TOKEN = 'second-secret';
    await pass(5 * minute, 5);
    expect(sent).toHaveLength(1);
  });
});

describe('packages', () => {
  it('C-PKG-4 [S] go out where the agent names another aggregate hash, and not where it names this one', async () => {
    const { send, pass, sent } = await start(packages);
    const { packages: offer } = await send({});
    if (!offer) throw new Error('no packages');
    expect(sent).toEqual([offer.hash]);
    const packageStatuses = statusesOf(offer, 'installed');
    await send({ sequence: 1, packageStatuses });
    await pass(60 * minute, 30);
    expect(sent).toHaveLength(1);
    await send({ sequence: 2, packageStatuses: { ...packageStatuses, offeredHash: '00' } });
    await pass(10 * minute, 10);
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent).size).toBe(1);
  });

  it('wait while an operator has stopped all offers', async () => {
    const { test, send, pass, sent } = await start(packages);
    test.reconciler.commands.stopOffers({ actor: 'operator', reason: 'incident' });
    await send({});
    await pass(10 * minute, 10);
    expect(sent).toEqual([]);
    test.reconciler.commands.startOffers({ actor: 'operator', reason: 'over' });
    await pass(minute, 2);
    expect(sent).toHaveLength(1);
  });
});
