import { describe, expect, it } from 'vitest';
import { agentCapability, type ConnectionOffer } from '../../../src/model/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, managed, poll, refusedUpgrade, renderedConfig, startServer, uidA } from './harness.ts';
import { everything, fullConnectionOffer, hashOf, offersAll, packagesOffer } from './offers.ts';

describe('connection settings', () => {
  it('C-CS-1 [M] sets the hash of every offer, the same however much of it the agent may have', async () => {
    const harness = await startServer(offersAll);
    const offer = fullConnectionOffer();
    harness.reply = () => ({ reportFullState: false, connection: offer });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything });
    expect((await agent.message(1)).connection).toEqual(offer);
    agent.send({ uid: uidA, sequence: 1, capabilities: managed | agentCapability.reportsOwnMetrics });
    expect((await agent.message(2)).connection).toEqual({
      hash: offer.hash,
      ownMetrics: offer.ownMetrics,
      other: new Map(),
    });
    expect(harness.server.offerConnection(uidA, { ...offer, hash: '' })).toBe('refused');
  });

  it('C-CAP-1 [M] sends of connection settings only the members whose capability the agent stated', async () => {
    const harness = await startServer(offersAll);
    const agent = await connectAgent(harness);
    const members = [
      ['opamp', agentCapability.acceptsOpampConnectionSettings],
      ['ownMetrics', agentCapability.reportsOwnMetrics],
      ['ownTraces', agentCapability.reportsOwnTraces],
      ['ownLogs', agentCapability.reportsOwnLogs],
      ['other', agentCapability.acceptsOtherConnectionSettings],
    ] as const;
    let count = 0;
    for (const [member, capability] of members) {
      harness.reply = () => ({ reportFullState: false, connection: fullConnectionOffer(member) });
      agent.send({ uid: uidA, sequence: count, capabilities: managed | capability });
      count += 1;
      const { other, ...rest } = (await agent.message(count)).connection as ConnectionOffer;
      expect([...Object.keys(rest), ...(other.size > 0 ? ['other'] : [])]).toEqual(['hash', member]);
    }
    harness.reply = () => ({ reportFullState: false, connection: fullConnectionOffer() });
    agent.send({ uid: uidA, sequence: count, capabilities: managed });
    expect((await agent.message(count + 1)).connection).toBeUndefined();
    expect(harness.server.offerConnection(uidA, fullConnectionOffer())).toBe('refused');
  });

  it('C-CS-2 [M] refuses to send an opamp endpoint that is no ws, wss, http or https URL', async () => {
    const harness = await startServer(offersAll);
    await poll(harness, { uid: uidA, capabilities: everything });
    const offer = fullConnectionOffer();
    for (const endpoint of ['', 'opamp.acme.example:4320', 'ftp://acme.example/v1/opamp']) {
      const faulty = { ...offer, opamp: { ...offer.opamp, endpoint } } as ConnectionOffer;
      expect(harness.server.offerConnection(uidA, faulty)).toBe('refused');
    }
    const faulty = {
      ...offer,
      opamp: { ...offer.opamp, proxy: { url: '', headers: [] } },
    } as ConnectionOffer;
    expect(harness.server.offerConnection(uidA, faulty)).toBe('refused');
  });

  it('C-CS-3 [M] refuses to send a telemetry destination that is no full http or https URL', async () => {
    const harness = await startServer(offersAll);
    await poll(harness, { uid: uidA, capabilities: everything });
    const { other, hash } = fullConnectionOffer();
    for (const endpoint of [
      '',
      '/v1/metrics',
      'https://otlp.acme.example',
      'grpc://otlp.acme.example/v1/metrics',
    ]) {
      const faulty = { hash, other, ownMetrics: { endpoint, headers: [] } };
      expect(harness.server.offerConnection(uidA, faulty)).toBe('refused');
    }
  });

  it('C-CS-4 [S] sends settings in the first message to an agent, and not again unless they are offered again', async () => {
    const harness = await startServer(offersAll);
    harness.reply = ({ sequence }) => ({
      reportFullState: false,
      ...(sequence === 0 ? { connection: fullConnectionOffer() } : {}),
    });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything });
    agent.send({ uid: uidA, sequence: 1, capabilities: everything });
    expect((await agent.message(1)).connection?.ownMetrics).toBeDefined();
    expect((await agent.message(2)).connection).toBeUndefined();
  });

  it('C-CS-5 [I] sends metrics, traces and logs together', async () => {
    const harness = await startServer(offersAll);
    const { hash, ownMetrics, ownTraces, ownLogs } = fullConnectionOffer();
    const own = { hash, ownMetrics, ownTraces, ownLogs, other: new Map() } as ConnectionOffer;
    harness.reply = () => ({ reportFullState: false, connection: own });
    const { message } = await poll(harness, { uid: uidA, capabilities: everything });
    expect(message?.connection).toEqual(own);
  });

  it.each(['unset', 'applied', 'applying', 'failed'] as const)(
    'C-CS-6 [M] hands over the status of connection settings: %s',
    async (state) => {
      const harness = await startServer(offersAll);
      const connectionSettingsStatus = { hash: hashOf('a'), state, errorMessage: 'because' };
      await poll(harness, { uid: uidA, capabilities: everything, connectionSettingsStatus });
      expect(harness.reports[0]?.report.connectionSettingsStatus).toEqual(connectionSettingsStatus);
    },
  );

  it('C-CS-7 [S] keeps serving under the old credential while the agent tries a new one', async () => {
    const harness = await startServer(offersAll);
    harness.admit = ({ authorization }) => ({
      kind: 'accepted',
      tenant: 'acme',
      credential: authorization ?? 'old',
      scope: 'full',
    });
    const old = await connectAgent(harness, { headers: { authorization: 'old' } });
    old.send({ uid: uidA, capabilities: everything });
    await old.message(1);
    harness.server.offerConnection(uidA, fullConnectionOffer());
    await old.message(2);
    const renewed = await connectAgent(harness, { headers: { authorization: 'new' } });
    old.send({ uid: uidA, sequence: 1, capabilities: everything });
    expect(await old.message(3)).toMatchObject({ uid: uidA });
    renewed.send({ uid: uidA, sequence: 2, capabilities: everything });
    expect(await renewed.message(1)).toMatchObject({ uid: uidA });
    expect(harness.reports.at(-1)?.session.credential).toBe('new');
    expect(await old.closing()).toMatchObject({ code: 1000 });
  });

  it('C-CS-8 [M] sends a certificate with its authority, and a private key only where the server made it', async () => {
    const harness = await startServer(offersAll);
    const { opamp, ...rest } = fullConnectionOffer();
    const signed = { ...rest, opamp: { ...opamp, certificate: { certPem: 'cert', caPem: 'ca' } } };
    harness.reply = () => ({ reportFullState: false, connection: signed as ConnectionOffer });
    const { message } = await poll(harness, { uid: uidA, capabilities: everything });
    expect(message?.connection?.opamp?.certificate).toEqual({ certPem: 'cert', caPem: 'ca' });
    harness.reply = () => ({ reportFullState: false, connection: fullConnectionOffer('b') });
    const made = await poll(harness, { uid: uidA, sequence: 1, capabilities: everything });
    expect(made.message?.connection?.opamp?.certificate).toEqual(opamp?.certificate);
  });

  it('C-CS-9 [M] closes the connections of a revoked certificate and turns it away with 401', async () => {
    const harness = await startServer();
    let revoked = false;
    harness.admit = () =>
      revoked
        ? { kind: 'rejected', status: 401, reason: 'revoked' }
        : { kind: 'accepted', tenant: 'acme', credential: 'issued', scope: 'full', fingerprint: 'f00d' };
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    revoked = true;
    const order = { code: 1008, reason: 'revoked' };
    expect(harness.server.closeSessions(({ fingerprint }) => fingerprint === 'f00d', order)).toBe(1);
    expect(await agent.closing()).toEqual(order);
    expect((await refusedUpgrade(harness)).status).toBe(401);
  });

  it('C-CS-10 [I] carries endpoint, headers, heartbeat, certificate, TLS and proxy of an opamp offer', async () => {
    const harness = await startServer(offersAll);
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything });
    await agent.message(1);
    expect(harness.server.offerConnection(uidA, fullConnectionOffer())).toBe('sent');
    expect((await agent.message(2)).connection?.opamp).toEqual(fullConnectionOffer().opamp);
  });

  it('C-TR-19 [I] keeps only the newest connection settings for the next poll', async () => {
    const harness = await startServer(offersAll);
    await poll(harness, { uid: uidA, capabilities: everything });
    for (const text of ['a', 'b', 'c']) {
      expect(harness.server.offerConnection(uidA, fullConnectionOffer(text))).toBe('queued');
    }
    const next = await poll(harness, { uid: uidA, sequence: 1, capabilities: everything });
    expect(next.message?.connection?.hash).toBe(hashOf('c'));
    const after = await poll(harness, { uid: uidA, sequence: 2, capabilities: everything });
    expect(after.message?.connection).toBeUndefined();
  });

  it('C-TR-19 [I] keeps only the newest of each kind for a client that does not read', async () => {
    const harness = await startServer(offersAll);
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything });
    await agent.message(1);
    agent.socket.pause();
    expect(harness.server.offerConnection(uidA, fullConnectionOffer('first'))).toBe('sent');
    await eventually(() => harness.events.includes('offer-sent'));
    for (const text of ['second', 'third', 'fourth']) {
      expect(harness.server.offerConnection(uidA, fullConnectionOffer(text))).toBe('queued');
      expect(harness.server.offerPackages(uidA, packagesOffer(text))).toBe('queued');
    }
    agent.socket.resume();
    expect((await agent.message(2)).connection?.hash).toBe(hashOf('first'));
    const next = await agent.message(3);
    expect([next.connection?.hash, next.packages]).toEqual([hashOf('fourth'), packagesOffer('fourth')]);
  });

  it('C-TR-11 [M] sends in several messages what is too much for one', async () => {
    const harness = await startServer({ ...offersAll, maxMessageBytes: 1_000 });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything });
    await agent.message(1);
    const config = renderedConfig('x'.repeat(500));
    const { ownMetrics, other, hash } = fullConnectionOffer();
    const headers = [['X-Long', 'y'.repeat(400)]] as const;
    const connection = { hash, other, ownMetrics: { endpoint: ownMetrics?.endpoint ?? '', headers } };
    harness.server.offer(uidA, config);
    harness.server.offerConnection(uidA, connection);
    const [first, second] = [await agent.message(2), await agent.message(3)];
    expect([first.remoteConfig?.hash, first.connection]).toEqual([config.hash, undefined]);
    expect([second.remoteConfig, second.connection?.hash]).toEqual([undefined, hash]);
  });

  it('C-HB-1 [Y] asks for a heartbeat interval only from an agent that reports heartbeats', async () => {
    const harness = await startServer(offersAll);
    harness.reply = () => ({ reportFullState: false, connection: fullConnectionOffer() });
    const reports = await poll(harness, { uid: uidA, capabilities: everything });
    expect(reports.message?.connection?.opamp?.heartbeatSeconds).toBe(45);
    const capabilities = everything & ~agentCapability.reportsHeartbeat;
    const silent = await poll(harness, { uid: uidA, sequence: 1, capabilities });
    expect(silent.message?.connection?.opamp?.heartbeatSeconds).toBe(30);
  });

  it('C-HB-4 [I] fills the heartbeat interval of every opamp offer', async () => {
    const harness = await startServer(offersAll);
    const { opamp, ...rest } = fullConnectionOffer();
    const off = { ...rest, opamp: { ...opamp, heartbeatSeconds: 0 } } as ConnectionOffer;
    harness.reply = () => ({ reportFullState: false, connection: off });
    const capabilities = managed | agentCapability.acceptsOpampConnectionSettings;
    const { message } = await poll(harness, { uid: uidA, capabilities });
    expect(message?.connection?.opamp?.heartbeatSeconds).toBe(30);
    expect(message?.connection?.opamp?.headers).toEqual(opamp?.headers);
  });
});
