import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../../src/model/index.ts';
import { connectAgent, managed, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';
import { everything } from './offers.ts';

const capability = 'org.acme.diagnostics/v1';
const message = { capability, type: 'dump', data: new Uint8Array([0, 1, 255]) };

describe('commands, custom messages and components', () => {
  it('C-CUS-1 [S] tells its custom capabilities in the first message of a session and in every HTTP reply, if it has any', async () => {
    const harness = await startServer({ customCapabilities: [capability] });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect((await agent.message(1)).customCapabilities).toEqual([capability]);
    expect((await agent.message(2)).customCapabilities).toBeUndefined();
    for (const sequence of [0, 1]) {
      const polled = await poll(harness, { uid: uidB, sequence, capabilities: managed });
      expect(polled.message?.customCapabilities).toEqual([capability]);
    }
    const without = await startServer();
    expect((await poll(without, { uid: uidA })).message?.customCapabilities).toBeUndefined();
  });

  it('C-CUS-1 [S] sends custom messages only to agents that list the capability, over all their connections', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    expect(harness.server.sendCustomMessage(uidA, message)).toBe('refused');
    agent.send({ uid: uidA, sequence: 1, capabilities: managed, customCapabilities: [capability] });
    await agent.message(2);
    expect(harness.server.sendCustomMessage(uidA, message)).toBe('sent');
    expect((await agent.message(3)).customMessage).toEqual(message);
    const again = await connectAgent(harness);
    again.send({ uid: uidA, sequence: 2, capabilities: managed });
    await again.message(1);
    expect(harness.server.sendCustomMessage(uidA, message)).toBe('sent');
    expect((await again.message(2)).customMessage).toEqual(message);
    again.send({ uid: uidA, sequence: 3, capabilities: managed, customCapabilities: [] });
    await again.message(3);
    expect(harness.server.sendCustomMessage(uidA, message)).toBe('refused');
  });

  it('C-CUS-1 [S] hands over custom messages of agents', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, customMessage: message });
    const sent = { uid: uidA, customCapabilities: [capability], customMessage: message };
    const { message: reply } = await poll(harness, sent);
    expect(harness.reports[0]?.report).toMatchObject({
      customCapabilities: [capability],
      customMessage: message,
    });
    expect(reply?.customMessage).toEqual(message);
  });

  it('C-CMD-1 [M] commands a restart only where the agent accepts it, alone and after what else was waiting', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything & ~agentCapability.acceptsRestartCommand });
    await agent.message(1);
    expect(harness.server.restart(uidA)).toBe('refused');
    agent.send({ uid: uidA, sequence: 1, capabilities: everything });
    await agent.message(2);
    harness.server.offer(uidA, renderedConfig('a'));
    harness.server.restart(uidA);
    expect(await agent.message(3)).toMatchObject({ restart: false, remoteConfig: { files: [{}] } });
    const command = await agent.message(4);
    expect(command).toEqual({
      wireUid: command.wireUid,
      uid: uidA,
      capabilities: 0,
      reportFullState: false,
      reportAvailableComponents: false,
      restart: true,
    });
  });

  it('C-AC-1 [S] asks for components only an agent that reports them, and hands over hash and list', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, reportAvailableComponents: true });
    const { message: first } = await poll(harness, {
      uid: uidA,
      capabilities: everything,
      availableComponentsHash: 'aa',
    });
    expect(first?.reportAvailableComponents).toBe(true);
    expect(harness.reports[0]?.report).toMatchObject({ availableComponentsHash: 'aa' });
    expect(harness.reports[0]?.report.availableComponents).toBeUndefined();
    harness.reply = () => ({ reportFullState: false });
    const availableComponents = ['exporter/debug', 'receiver/otlp'];
    const { message: second } = await poll(harness, {
      uid: uidA,
      sequence: 1,
      capabilities: everything,
      availableComponentsHash: 'aa',
      availableComponents,
    });
    expect(second?.reportAvailableComponents).toBe(false);
    expect(harness.reports[1]?.report).toMatchObject({ availableComponentsHash: 'aa', availableComponents });
    harness.reply = () => ({ reportFullState: false, reportAvailableComponents: true });
    const { message: third } = await poll(harness, { uid: uidB, capabilities: managed });
    expect(third?.reportAvailableComponents).toBe(false);
  });
});
