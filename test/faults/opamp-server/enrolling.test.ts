import { describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/opamp-server/index.ts';
import {
  connectAgent,
  type Harness,
  poll,
  startServer,
  uidA,
} from '../../conformance/opamp-server/harness.ts';
import { everything, fullConnectionOffer, hashOf, offersAll } from '../../conformance/opamp-server/offers.ts';

const full: Identity = { tenant: 'acme', credential: 'edge', scope: 'full' };
const enroll: Identity = { tenant: 'acme', credential: 'bootstrap', scope: 'enroll' };
const foreign: Identity = { tenant: 'globex', credential: 'bootstrap', scope: 'enroll' };

/** Whoever connects next is this one. */
function admit(harness: Harness, identity: Identity): void {
  harness.admit = () => ({ kind: 'accepted', ...identity });
}

async function connectAs(harness: Harness, identity: Identity) {
  admit(harness, identity);
  return connectAgent(harness);
}

/** What a CSR is answered with: no private key. */
function certificateOffer() {
  const { opamp } = fullConnectionOffer();
  const destination = { endpoint: opamp?.endpoint ?? '', headers: [], heartbeatSeconds: 30 };
  const certificate = { certPem: 'issued', caPem: 'ca' };
  return { hash: hashOf('issued'), other: new Map(), opamp: { ...destination, certificate } };
}

describe('a session that may only ask for a certificate', () => {
  it.each([
    ['of the same tenant', enroll],
    ['of another tenant', foreign],
  ])('fault 13: %s cannot take the place of an agent that is connected', async (_, thief) => {
    const harness = await startServer(offersAll);
    const owner = await connectAs(harness, full);
    owner.send({ uid: uidA, sequence: 7, capabilities: everything });
    await owner.message(1);
    const other = await connectAs(harness, thief);
    for (const sequence of [8, 0, 9]) other.send({ uid: uidA, sequence, capabilities: everything });
    const answer = await other.message(3);
    expect(answer.error?.type).toBe('bad-request');
    expect(answer.newUid).toBeUndefined();
    expect(answer.error?.message).not.toMatch(/acme|edge/);
    expect(harness.server.offerConnection(uidA, fullConnectionOffer())).toBe('sent');
    expect((await owner.message(2)).connection).toBeDefined();
    expect(other.messages.every(({ connection }) => connection === undefined)).toBe(true);
    expect(harness.reports).toHaveLength(1);
  });

  it('fault 13: cannot take the place of an agent that polls', async () => {
    const harness = await startServer(offersAll);
    admit(harness, full);
    await poll(harness, { uid: uidA, sequence: 0, capabilities: everything });
    harness.server.offerConnection(uidA, fullConnectionOffer());
    admit(harness, enroll);
    const stolen = await poll(harness, { uid: uidA, sequence: 1, capabilities: everything });
    expect(stolen.message?.error?.type).toBe('bad-request');
    expect(stolen.message?.connection).toBeUndefined();
    admit(harness, full);
    const own = await poll(harness, { uid: uidA, sequence: 1, capabilities: everything });
    expect(own.message?.connection).toBeDefined();
  });

  it('fault 14: cannot push out one of another tenant that asks too', async () => {
    const harness = await startServer(offersAll);
    const first = await connectAs(harness, enroll);
    first.send({ uid: uidA, sequence: 3, capabilities: everything });
    await first.message(1);
    const second = await connectAs(harness, foreign);
    second.send({ uid: uidA, sequence: 4, capabilities: everything });
    expect((await second.message(1)).error?.type).toBe('bad-request');
    expect(harness.server.offerConnection(uidA, certificateOffer())).toBe('sent');
    expect((await first.message(2)).connection).toBeDefined();
    expect(second.messages).toHaveLength(1);
  });

  it.each([
    ['its own tenant', full],
    ['another tenant', { ...full, tenant: 'globex' }],
  ])('keeps no uid from an agent of %s that comes with a full credential', async (_, owner) => {
    const harness = await startServer(offersAll);
    const squatter = await connectAs(harness, enroll);
    squatter.send({ uid: uidA, sequence: 0, capabilities: everything });
    await squatter.message(1);
    const agent = await connectAs(harness, owner);
    agent.send({ uid: uidA, sequence: 0, capabilities: everything });
    expect((await agent.message(1)).newUid).toBeUndefined();
    expect(await squatter.closing()).toMatchObject({ code: 1000 });
  });

  it('is sent connection settings only with the certificate that it asked for', async () => {
    const harness = await startServer(offersAll);
    const agent = await connectAs(harness, enroll);
    agent.send({ uid: uidA, capabilities: everything });
    await agent.message(1);
    const { opamp: _, ...telemetry } = fullConnectionOffer();
    expect(harness.server.offerConnection(uidA, telemetry)).toBe('refused');
    expect(harness.server.offerConnection(uidA, fullConnectionOffer())).toBe('refused');
    expect(harness.server.offerConnection(uidA, certificateOffer())).toBe('sent');
  });
});

it('what is meant for one session of a uid goes to no other', async () => {
  const harness = await startServer(offersAll);
  const asked = await connectAs(harness, enroll);
  asked.send({ uid: uidA, capabilities: everything });
  await asked.message(1);
  const session = harness.reports[0]?.session.id ?? '';
  const other = await connectAs(harness, { ...full, tenant: 'globex' });
  other.send({ uid: uidA, capabilities: everything });
  await other.message(1);
  const error = { type: 'bad-request', message: 'for the first one' } as const;
  expect(harness.server.offerConnection(uidA, certificateOffer(), session)).toBe('not-connected');
  expect(harness.server.sendError(uidA, error, session)).toBe('not-connected');
  expect(harness.server.sendError(uidA, error, harness.reports[1]?.session.id)).toBe('sent');
});

it('a private key goes over no connection that can be listened to', async () => {
  const harness = await startServer(offersAll);
  const agent = await connectAgent(harness, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  agent.send({ uid: uidA, capabilities: everything });
  await agent.message(1);
  expect(harness.server.offerConnection(uidA, fullConnectionOffer())).toBe('refused');
  expect(harness.server.offerConnection(uidA, certificateOffer())).toBe('sent');
});
