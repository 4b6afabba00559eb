import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../../src/model/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, managed, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';

describe('response discipline', () => {
  it('C-RSP-1 [M] answers each message, heartbeats included', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    for (let sequence = 0; sequence < 100; sequence += 1)
      agent.send({ uid: uidA, sequence, capabilities: managed });
    await agent.message(100);
    expect(harness.reports.map(({ report }) => report.sequence)).toEqual([...Array(100).keys()]);
    agent.send({ uid: uidA, sequence: 100, capabilities: managed });
    await agent.message(101);
    expect(agent.messages).toHaveLength(101);
  });

  it('C-RSP-1 [M] answers when the handler fails', async () => {
    const harness = await startServer();
    harness.reply = () => {
      throw new Error('secret detail');
    };
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    const { error } = await agent.message(1);
    expect(error?.type).toBe('unknown');
    expect(error?.message).not.toContain('secret');
    expect((await poll(harness, { uid: uidB })).message?.error?.type).toBe('unknown');
  });

  it('C-RSP-2 [M] answers a repeated message each time', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    for (let copy = 0; copy < 3; copy += 1) agent.send({ uid: uidA, sequence: 5, capabilities: managed });
    await agent.message(3);
    expect(harness.reports.map(({ report }) => report.sequence)).toEqual([5, 5, 5]);
  });

  it('C-RSP-3 [M] repeats the uid of the request in replies and pushes, for every agent of a connection', async () => {
    const harness = await startServer();
    const gateway = await connectAgent(harness);
    for (const uid of [uidA, uidB, uidA]) gateway.send({ uid, capabilities: managed });
    await gateway.message(3);
    expect(gateway.messages.map(({ uid }) => uid)).toEqual([uidA, uidB, uidA]);
    harness.server.offer(uidB, renderedConfig('b'));
    harness.server.offer(uidA, renderedConfig('a'));
    await gateway.message(5);
    const offers = gateway.messages.slice(3).map(({ uid, remoteConfig }) => [uid, remoteConfig?.hash]);
    expect(offers).toEqual([
      [uidB, renderedConfig('b').hash],
      [uidA, renderedConfig('a').hash],
    ]);
  });

  it('C-RSP-4 [M] sends an error_response with nothing but the uid', async () => {
    const harness = await startServer();
    harness.reply = () => ({
      reportFullState: true,
      offer: renderedConfig('a'),
      newUid: uidB,
      error: { type: 'bad-request', message: 'no' },
    });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    const message = await agent.message(1);
    expect(message).toEqual({
      wireUid: message.wireUid,
      uid: uidA,
      capabilities: 0,
      reportFullState: false,
      reportAvailableComponents: false,
      restart: false,
      error: { type: 'bad-request', message: 'no' },
    });
  });

  it('C-RSP-5 [M] states its capabilities in the first message, and in every other', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect((await agent.message(1)).capabilities & 0x1).toBe(0x1);
    expect((await agent.message(2)).capabilities).toBe((await agent.message(1)).capabilities);
  });

  it('C-RSP-6 [M] advertises status, remote config and effective config, and nothing that it lacks', async () => {
    const harness = await startServer();
    expect((await poll(harness, { uid: uidA })).message?.capabilities).toBe(0x7);
  });

  it.each([
    [{ packages: true }, 0x1f],
    [{ connectionSettings: true }, 0x27],
    [{ certificateRequests: true }, 0x47],
  ])('C-RSP-6 [M] advertises what it is set to offer besides: %s', async (offers, capabilities) => {
    const harness = await startServer({ offers });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).capabilities).toBe(capabilities);
    expect((await poll(harness, { uid: uidB })).message?.capabilities).toBe(capabilities);
  });

  it('C-RSP-7 [S] answers a steady heartbeat with the uid and the capabilities only', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(Buffer.from(`000a10${uidA.replaceAll('-', '')}10032003`, 'hex'));
    await agent.message(1);
    expect(agent.frames[0]?.data.toString('hex')).toBe(`000a10${uidA.replaceAll('-', '')}3807`);
    expect(harness.reports[0]?.report).toEqual({
      uid: uidA,
      sequence: 3,
      capabilities: 3,
      disconnect: false,
      requestsUid: false,
    });
  });

  it('C-RSP-8 [M] sends a restart command alone, and over HTTP only in a reply that says nothing else', async () => {
    const harness = await startServer();
    const capabilities = managed | agentCapability.acceptsRestartCommand;
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities });
    await agent.message(1);
    expect(harness.server.restart(uidA)).toBe('sent');
    const command = await agent.message(2);
    expect(command).toMatchObject({ uid: uidA, restart: true, reportFullState: false });
    expect(command.remoteConfig).toBeUndefined();

    await poll(harness, { uid: uidB, capabilities });
    expect(harness.server.restart(uidB)).toBe('queued');
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a') });
    const busy = await poll(harness, { uid: uidB, sequence: 1, capabilities });
    expect([busy.message?.restart, busy.message?.remoteConfig !== undefined]).toEqual([false, true]);
    harness.reply = () => ({ reportFullState: false });
    expect((await poll(harness, { uid: uidB, sequence: 2, capabilities })).message?.restart).toBe(true);
    expect((await poll(harness, { uid: uidB, sequence: 3, capabilities })).message?.restart).toBe(false);
  });

  it('C-RSP-9 [I] offers nothing in the reply to a disconnect', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: true, offer: renderedConfig('a') });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed, disconnect: true });
    const message = await agent.message(1);
    expect(message).toMatchObject({ uid: uidA, reportFullState: false });
    expect(message.remoteConfig).toBeUndefined();
    await eventually(() => harness.server.offer(uidA, renderedConfig('a')) === 'not-connected');
  });
});
