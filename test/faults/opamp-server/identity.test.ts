import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../../src/model/index.ts';
import { addMessageHeader, encodeAgentToServer } from '../../../src/opamp-server/index.ts';
import {
  connectAgent,
  managed,
  poll,
  renderedConfig,
  startServer,
  uidA,
  uidB,
} from '../../conformance/opamp-server/harness.ts';
import { packagesOffer } from '../../conformance/opamp-server/offers.ts';
import { eventually } from '../../support/eventually.ts';
import { connectRaw, maskedFrame, upgradeHead } from './raw-socket.ts';

const report = (sequence: number) =>
  maskedFrame(addMessageHeader(encodeAgentToServer({ uid: uidA, sequence, capabilities: managed })));

describe('identity', () => {
  it('fault 13: what a replaced connection still sends does not win the agent back', async () => {
    const harness = await startServer();
    const old = await connectRaw(harness);
    old.socket.write(upgradeHead);
    old.socket.write(report(0));
    await eventually(() => harness.reports.length === 1);
    const next = await connectAgent(harness);
    next.send({ uid: uidA, sequence: 1, capabilities: managed });
    await next.message(1);
    // The server has begun the close; a client that does not heed it goes on.
    await eventually(() => old.received().includes(Buffer.from('the agent is connected elsewhere')));
    old.socket.write(report(2));
    old.socket.write(report(3));
    await poll(harness, { uid: uidB });
    next.send({ uid: uidA, sequence: 2, capabilities: managed });
    await next.message(2);
    harness.server.offer(uidA, renderedConfig('a'));
    expect((await next.message(3)).remoteConfig).toBeDefined();
    expect(harness.reports.map(({ report: { uid, sequence } }) => [uid, sequence])).toEqual([
      [uidA, 0],
      [uidA, 1],
      [uidB, 0],
      [uidA, 2],
    ]);
  });

  it('fault 13: a clone learns nothing about the agent whose uid it uses', async () => {
    const harness = await startServer();
    const owner = await connectAgent(harness);
    owner.send({ uid: uidA, capabilities: managed });
    await owner.message(1);
    const clone = await connectAgent(harness);
    clone.send({ uid: uidA, capabilities: managed });
    const { newUid } = await clone.message(1);
    harness.server.offer(uidA, renderedConfig('for the owner'));
    expect((await owner.message(2)).remoteConfig).toBeDefined();
    harness.server.offer(newUid!, renderedConfig('for the clone'));
    const { remoteConfig } = await clone.message(2);
    expect(remoteConfig?.hash).toBe(renderedConfig('for the clone').hash);
    expect(clone.messages).toHaveLength(2);
  });

  it("fault 14: a claim of another tenant's uid changes nothing of how its owner is reached", async () => {
    const harness = await startServer({ offers: { packages: true } });
    const message = { capability: 'org.acme.x', type: 't', data: new Uint8Array([1]) };
    const capabilities = managed | agentCapability.acceptsPackages;
    harness.admit = ({ authorization = 'acme' }) => ({
      kind: 'accepted',
      tenant: authorization,
      credential: 'edge',
      scope: 'full',
    });
    harness.reply = (_, { tenant }) => {
      const error = { type: 'bad-request', message: 'no such agent' } as const;
      return { reportFullState: false, ...(tenant === 'acme' ? {} : { error }) };
    };
    const owner = await connectAgent(harness);
    owner.send({ uid: uidA, capabilities, customCapabilities: ['org.acme.x'] });
    await owner.message(1);
    const thief = await connectAgent(harness, { headers: { authorization: 'globex' } });
    for (let sequence = 0; sequence < 5; sequence += 1) {
      thief.send({ uid: uidA, sequence, capabilities: 1, customCapabilities: ['org.globex.y'] });
    }
    thief.send({ uid: uidA, sequence: 5, disconnect: true });
    expect((await thief.message(6)).error?.type).toBe('bad-request');
    expect(harness.server.sendCustomMessage(uidA, message)).toBe('sent');
    expect((await owner.message(2)).customMessage).toEqual(message);
    expect(harness.server.offerPackages(uidA, packagesOffer())).toBe('queued');
    expect((await owner.message(3)).packages).toEqual(packagesOffer());
    expect([harness.gone, thief.messages.length]).toEqual([[], 6]);
  });
});
