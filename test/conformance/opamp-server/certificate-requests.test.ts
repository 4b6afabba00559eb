import { describe, expect, it } from 'vitest';
import type { ConnectionOffer } from '../../../src/model/index.ts';
import { encodeInstanceUid } from '../../../src/opamp-server/index.ts';
import { connectAgent, type Harness, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';
import { everything, fullConnectionOffer, hashOf, offersAll, packagesOffer } from './offers.ts';

const csr = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\n');

function issued(): ConnectionOffer {
  const { opamp } = fullConnectionOffer();
  return {
    hash: hashOf('issued'),
    other: new Map(),
    opamp: {
      endpoint: opamp?.endpoint ?? '',
      headers: [],
      heartbeatSeconds: 30,
      certificate: { certPem: 'issued', caPem: 'ca' },
    },
  };
}

function admitBound(harness: Harness): void {
  harness.admit = () => ({
    kind: 'accepted',
    tenant: 'acme',
    credential: 'certificate',
    scope: 'full',
    boundUid: uidA,
    fingerprint: 'f00d',
  });
}

describe('certificate requests', () => {
  it('C-CSR-1 [M] advertises that it takes requests only if it does, and ignores one about nothing', async () => {
    const plain = await startServer();
    expect(((await poll(plain, { uid: uidA })).message?.capabilities ?? 0) & 0x40).toBe(0);
    const harness = await startServer(offersAll);
    expect(((await poll(harness, { uid: uidA })).message?.capabilities ?? 0) & 0x40).toBe(0x40);
    // Field 11, connection_settings_request, without its opamp member.
    const aboutNothing = Buffer.concat([
      Buffer.from([0x0a, 16]),
      encodeInstanceUid(uidA),
      Buffer.from([0x5a, 0]),
    ]);
    expect((await poll(harness, aboutNothing)).status).toBe(200);
    expect(harness.reports.at(-1)?.report.certificateRequest).toBeUndefined();
  });

  it('C-CSR-2 [S] answers with a certificate in the reply, without a private key', async () => {
    const harness = await startServer(offersAll);
    harness.reply = () => ({ reportFullState: false, connection: issued() });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything, certificateRequest: csr });
    expect((await agent.message(1)).connection?.opamp?.certificate).toEqual({
      certPem: 'issued',
      caPem: 'ca',
    });
    expect(harness.reports[0]?.report.certificateRequest).toEqual(new Uint8Array(csr));
  });

  it('C-CSR-2 [S] acknowledges plainly and offers the certificate later, when it is approved later', async () => {
    const harness = await startServer(offersAll);
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything, certificateRequest: csr });
    const acknowledgement = await agent.message(1);
    expect([acknowledgement.error, acknowledgement.connection]).toEqual([undefined, undefined]);
    expect(harness.server.offerConnection(uidA, issued())).toBe('sent');
    expect((await agent.message(2)).connection).toEqual(issued());
  });

  it('C-CSR-3 [M] sends BAD_REQUEST when issuing fails after the acknowledgement, pushed or with the next poll', async () => {
    const harness = await startServer(offersAll);
    const error = { type: 'bad-request', message: 'the key is too weak' } as const;
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything, certificateRequest: csr });
    await agent.message(1);
    expect(harness.server.sendError(uidA, error)).toBe('sent');
    expect(await agent.message(2)).toMatchObject({ uid: uidA, capabilities: 0, error });

    await poll(harness, { uid: uidB, capabilities: everything, certificateRequest: csr });
    expect(harness.server.sendError(uidB, error)).toBe('queued');
    harness.reply = ({ sequence }) => ({
      reportFullState: false,
      ...(sequence === 1 ? { offer: renderedConfig('a') } : {}),
    });
    const failed = await poll(harness, { uid: uidB, sequence: 1, capabilities: everything });
    expect(failed.message).toMatchObject({ error });
    expect(failed.message?.remoteConfig).toBeUndefined();
    const next = await poll(harness, { uid: uidB, sequence: 2, capabilities: everything });
    expect(next.message?.error).toBeUndefined();
    expect(next.message?.remoteConfig?.hash).toBe(renderedConfig('a').hash);
  });

  it('C-CSR-4 [M] takes from a certificate bound to one uid no message of another', async () => {
    const harness = await startServer(offersAll);
    admitBound(harness);
    const agent = await connectAgent(harness);
    agent.send({ uid: uidB, capabilities: everything, certificateRequest: csr });
    expect(await agent.message(1)).toMatchObject({ uid: uidB, error: { type: 'bad-request' } });
    expect((await poll(harness, { uid: uidB })).message?.error?.type).toBe('bad-request');
    expect(harness.reports).toEqual([]);
    agent.send({ uid: uidA, capabilities: everything });
    expect((await agent.message(2)).error).toBeUndefined();
  });

  it('C-CSR-5 [M] takes a request for a new uid that it gave, over the certificate of the old one', async () => {
    const harness = await startServer(offersAll);
    admitBound(harness);
    harness.reply = (report) => ({ reportFullState: false, ...(report.requestsUid ? { newUid: uidB } : {}) });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything, requestsUid: true });
    expect((await agent.message(1)).newUid).toBe(uidB);
    agent.send({ uid: uidB, sequence: 1, capabilities: everything, certificateRequest: csr });
    expect((await agent.message(2)).error).toBeUndefined();
    expect(harness.reports[1]?.report).toMatchObject({ uid: uidB, certificateRequest: new Uint8Array(csr) });
    const again = await connectAgent(harness);
    again.send({ uid: uidB, sequence: 2, capabilities: everything });
    expect((await again.message(1)).error).toBeUndefined();
  });

  it('C-CSR-2 [S] offers an agent that may only enroll nothing but its certificate', async () => {
    const harness = await startServer({ ...offersAll, customCapabilities: ['org.acme.x'] });
    harness.admit = () => ({ kind: 'accepted', tenant: 'acme', credential: 'first', scope: 'enroll' });
    harness.reply = () => ({
      reportFullState: false,
      offer: renderedConfig('a'),
      packages: packagesOffer(),
      customMessage: { capability: 'org.acme.x', type: 't', data: new Uint8Array() },
      connection: issued(),
    });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything, customCapabilities: ['org.acme.x'] });
    const message = await agent.message(1);
    expect(message.connection).toEqual(issued());
    expect([message.remoteConfig, message.packages, message.customMessage]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('refused');
    expect(harness.server.offerPackages(uidA, packagesOffer())).toBe('refused');
    expect(harness.server.restart(uidA)).toBe('refused');
  });
});
