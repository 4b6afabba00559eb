import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { encodeAgentToServer } from '../../../src/opamp-server/index.ts';
import { connectAgent, managed, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';

describe('status on the wire', () => {
  it('C-STAT-1 [M] hands over what a message holds and nothing that it leaves out', async () => {
    const harness = await startServer();
    await poll(harness, {
      uid: uidA,
      capabilities: managed,
      description: { identifying: [{ key: 'service.name', value: 'edge' }], nonIdentifying: [] },
    });
    const [first] = harness.reports;
    expect(first?.report.description?.identifying).toEqual([{ key: 'service.name', value: 'edge' }]);
    expect(Object.keys(first!.report).sort()).toEqual(
      ['capabilities', 'description', 'disconnect', 'requestsUid', 'sequence', 'uid'].sort(),
    );
  });

  it('C-STAT-3 [M] carries ReportFullState in a reply, as a push, and in the next poll', async () => {
    const harness = await startServer();
    harness.reply = ({ sequence }) => ({ reportFullState: sequence === 9 });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, sequence: 9, capabilities: managed });
    expect((await agent.message(1)).reportFullState).toBe(true);
    expect(harness.server.askFullState(uidA)).toBe('sent');
    expect((await agent.message(2)).reportFullState).toBe(true);
    await poll(harness, { uid: uidB, sequence: 1 });
    expect(harness.server.askFullState(uidB)).toBe('queued');
    expect((await poll(harness, { uid: uidB, sequence: 2 })).message?.reportFullState).toBe(true);
    expect((await poll(harness, { uid: uidB, sequence: 3 })).message?.reportFullState).toBe(false);
  });

  it('C-STAT-9 [I] keeps the stated capabilities when a message states none', async () => {
    const harness = await startServer();
    await poll(harness, { uid: uidA, capabilities: 0x1 });
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a') });
    const idle = await poll(harness, { uid: uidA, sequence: 1 });
    expect(harness.reports[1]?.report.capabilities).toBe(0);
    expect(idle.message?.remoteConfig).toBeUndefined();
  });

  it('C-STAT-10 [M] stops offering with the very message that clears AcceptsRemoteConfig', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a') });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).remoteConfig).toBeDefined();
    agent.send({ uid: uidA, sequence: 1, capabilities: 0x1 });
    expect((await agent.message(2)).remoteConfig).toBeUndefined();
    expect(harness.server.offer(uidA, renderedConfig('b'))).toBe('refused');
  });

  it('C-STAT-10 [M] drops an offer that was waiting when the agent cleared AcceptsRemoteConfig', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness, { autoPong: false });
    const pinged = once(agent.socket, 'ping');
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    harness.server.offer(uidA, renderedConfig('a'));
    await agent.message(2);
    expect(harness.server.offer(uidA, renderedConfig('b'))).toBe('queued');
    const [mark] = await pinged;
    agent.send({ uid: uidA, sequence: 1, capabilities: 0x1 });
    await agent.message(3);
    agent.socket.pong(mark);
    agent.send({ uid: uidA, sequence: 2, capabilities: 0x1 });
    await agent.message(4);
    expect(agent.messages.filter(({ remoteConfig }) => remoteConfig)).toHaveLength(1);
  });

  it('C-STAT-11 [I] ignores unknown fields and keeps unknown capability bits', async () => {
    const harness = await startServer();
    const bits = managed + 2 ** 40;
    const unknown = Buffer.from('fa0703616263f80701fd0701020304', 'hex');
    const answer = await poll(
      harness,
      Buffer.concat([encodeAgentToServer({ uid: uidA, capabilities: bits }), unknown]),
    );
    expect(answer.message?.error).toBeUndefined();
    expect(harness.reports[0]?.report.capabilities).toBe(bits);
  });

  it('C-STAT-12 [I] tells an absent remote config status from one that is unset', async () => {
    const harness = await startServer();
    await poll(harness, { uid: uidA });
    await poll(harness, {
      uid: uidA,
      sequence: 1,
      remoteConfigStatus: { hash: '', state: 'unset', errorMessage: '' },
    });
    expect(harness.reports.map(({ report }) => report.remoteConfigStatus)).toEqual([
      undefined,
      { hash: '', state: 'unset', errorMessage: '' },
    ]);
  });

  it('C-AC-1 [P] asks for the component list only where the agent can report it', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, reportAvailableComponents: true });
    const able = await poll(harness, { uid: uidA, capabilities: 0x4001, availableComponentsHash: 'abcd' });
    expect(able.message?.reportAvailableComponents).toBe(true);
    const unable = await poll(harness, { uid: uidB, capabilities: 0x1 });
    expect(unable.message?.reportAvailableComponents).toBe(false);
    await poll(harness, {
      uid: uidA,
      sequence: 1,
      availableComponentsHash: 'abcd',
      availableComponents: ['exporter/otlp', 'receiver/otlp'],
    });
    expect(harness.reports[2]?.report).toMatchObject({
      availableComponentsHash: 'abcd',
      availableComponents: ['exporter/otlp', 'receiver/otlp'],
    });
  });
});
