import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../../src/model/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, managed, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';

describe('offers', () => {
  it('C-CAP-1 [M] never offers a config or a restart to an agent that did not state the capability', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a') });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: agentCapability.reportsStatus });
    expect((await agent.message(1)).remoteConfig).toBeUndefined();
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('refused');
    expect(harness.server.restart(uidA)).toBe('refused');
    agent.send({ uid: uidA, sequence: 1, capabilities: agentCapability.reportsStatus });
    await agent.message(2);
    expect(agent.messages).toHaveLength(2);
  });

  it('C-CAP-2 [M] sends reserved capability and flag bits as 0', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: true, reportAvailableComponents: true });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: 0xffff });
    await agent.message(1);
    expect(agent.frames[0]?.data.toString('hex')).toBe(`000a10${uidA.replaceAll('-', '')}38073003`);
  });

  it('C-RC-1 [M] sets the hash of every offer', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a: 1') });
    const { message } = await poll(harness, { uid: uidA, capabilities: managed });
    expect(message?.remoteConfig?.hash).toBe(renderedConfig('a: 1').hash);
  });

  it('C-RC-6 [I] pushes over WebSocket at any time, and leaves HTTP agents to their next poll', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('sent');
    expect((await agent.message(2)).remoteConfig?.hash).toBe(renderedConfig('a').hash);
    await poll(harness, { uid: uidB, capabilities: managed });
    expect(harness.server.offer(uidB, renderedConfig('a'))).toBe('queued');
  });

  it('C-RC-6 [I] sends only the newest of several offers made at once', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    for (const text of ['a', 'b', 'c']) harness.server.offer(uidA, renderedConfig(text));
    expect((await agent.message(2)).remoteConfig?.hash).toBe(renderedConfig('c').hash);
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    await agent.message(3);
    expect(agent.messages.filter(({ remoteConfig }) => remoteConfig)).toHaveLength(1);
  });

  it('C-RC-6 [I] sends the next offer as soon as the agent acknowledges the one before', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness, { autoPong: false });
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    harness.server.offer(uidA, renderedConfig('a'));
    await agent.message(2);
    expect(harness.server.offer(uidA, renderedConfig('b'))).toBe('queued');
    const remoteConfigStatus = {
      hash: renderedConfig('a').hash,
      state: 'applying',
      errorMessage: '',
    } as const;
    agent.send({ uid: uidA, sequence: 1, capabilities: managed, remoteConfigStatus });
    expect((await agent.message(3)).remoteConfig?.hash).toBe(renderedConfig('b').hash);
  });

  it('C-RC-6 [I] holds back an offer made in a reply too while the one before is not known to be read', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness, { autoPong: false });
    const pinged = once(agent.socket, 'ping');
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    harness.server.offer(uidA, renderedConfig('a'));
    await agent.message(2);
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('b') });
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect((await agent.message(3)).remoteConfig).toBeUndefined();
    const [mark] = await pinged;
    agent.socket.pong(mark);
    expect((await agent.message(4)).remoteConfig?.hash).toBe(renderedConfig('b').hash);
  });

  it('C-RC-7 [S] sends a single file under an empty key', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('receivers: {}') });
    const { message } = await poll(harness, { uid: uidA, capabilities: managed });
    expect(message?.remoteConfig?.files.map(({ key }) => key)).toEqual(['']);
    expect(Buffer.from(message!.remoteConfig!.files[0]!.body).toString()).toBe('receivers: {}');
  });

  it('C-RC-8 [P] refuses to send an empty config map', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('', []) });
    const { message } = await poll(harness, { uid: uidA, capabilities: managed });
    expect(message?.remoteConfig).toBeUndefined();
    expect(harness.server.offer(uidA, renderedConfig('', []))).toBe('refused');
  });

  it('C-RC-9 [P] carries the content type', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a: 1') });
    const { message } = await poll(harness, { uid: uidA, capabilities: managed });
    expect(message?.remoteConfig?.files[0]?.contentType).toBe('text/yaml');
  });

  it('C-RC-6 [I] broadcasts to many agents in slices', async () => {
    const harness = await startServer({ sliceSize: 4 });
    const agents = await Promise.all(Array.from({ length: 30 }, () => connectAgent(harness)));
    const uids = agents.map((_, index) => `01936f2e-8c1a-7b42-9d55-0000000000${index + 10}` as typeof uidA);
    for (const [index, agent] of agents.entries()) agent.send({ uid: uids[index]!, capabilities: managed });
    await eventually(() => harness.reports.length === 30);
    const config = renderedConfig('x'.repeat(70_000));
    for (const uid of uids) expect(harness.server.offer(uid, config)).toBe('sent');
    for (const [index, agent] of agents.entries()) {
      const offer = await agent.message(2);
      expect([offer.uid, offer.remoteConfig?.hash]).toEqual([uids[index], config.hash]);
      expect(offer.remoteConfig?.files[0]?.body.length).toBe(70_000);
    }
  });
});
