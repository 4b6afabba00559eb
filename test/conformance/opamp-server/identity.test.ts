import { describe, expect, it } from 'vitest';
import { instanceUid } from '../../../src/model/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, managed, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';

// macOS has no second loopback address unless one is added by hand.
const hasTwoAddresses = process.platform !== 'darwin';
const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('identity', () => {
  it.each([0, 1, 15, 17, 25, 27, 1000])(
    'C-ID-1 [M] answers a uid of %i bytes with BAD_REQUEST',
    async (length) => {
      const harness = await startServer();
      const answer = await poll(harness, { uid: new Uint8Array(length).fill(7) });
      expect([answer.status, answer.message?.error?.type]).toEqual([200, 'bad-request']);
      expect(harness.reports).toHaveLength(0);
    },
  );

  it('C-ID-1 [I] answers an all-zero uid with BAD_REQUEST', async () => {
    const harness = await startServer();
    expect((await poll(harness, { uid: new Uint8Array(16) })).message?.error?.type).toBe('bad-request');
  });

  it('C-ID-1 [I] accepts a legacy ULID and echoes the same 26 bytes', async () => {
    const harness = await startServer();
    const ulid = Buffer.from('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    const agent = await connectAgent(harness);
    agent.send({ uid: ulid, capabilities: managed });
    const reply = await agent.message(1);
    expect(Buffer.from(reply.wireUid).toString()).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    const uid = instanceUid('01563e3a-b5d3-d676-4c61-efb99302bd5b');
    expect(harness.reports[0]?.report.uid).toBe(uid);
    harness.server.offer(uid, renderedConfig('a'));
    expect(Buffer.from((await agent.message(2)).wireUid).toString()).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    const malformed = await poll(harness, { uid: Buffer.from('81ARZ3NDEKTSV4RRFFQ69G5FAV') });
    expect(malformed.message?.error?.type).toBe('bad-request');
  });

  it('C-ID-2 [M] sends the new uid under the old one, and knows the agent by the new one from then on', async () => {
    const harness = await startServer();
    harness.reply = ({ requestsUid }) =>
      requestsUid ? { reportFullState: false, newUid: uidB } : { reportFullState: false };
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed, requestsUid: true });
    expect(await agent.message(1)).toMatchObject({ uid: uidA, newUid: uidB });
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect(await agent.message(2)).toMatchObject({ uid: uidA });
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('not-connected');
    harness.server.offer(uidB, renderedConfig('a'));
    expect(await agent.message(3)).toMatchObject({ uid: uidA });
    agent.send({ uid: uidB, sequence: 2, capabilities: managed });
    expect(await agent.message(4)).toMatchObject({ uid: uidB });
    expect(harness.reports.map(({ report }) => report.uid)).toEqual([uidA, uidB, uidB]);
    agent.socket.close();
    await eventually(() => harness.gone.length === 1);
    expect(harness.gone[0]?.uids).toEqual([uidB]);
  });

  it('C-ID-3 [S] gives the newcomer a new uid when the holder of its uid still answers', async () => {
    const harness = await startServer();
    const holder = await connectAgent(harness);
    holder.send({ uid: uidA, capabilities: managed });
    await holder.message(1);
    const newcomer = await connectAgent(harness);
    newcomer.send({ uid: uidA, sequence: 0, capabilities: managed });
    newcomer.send({ uid: uidA, sequence: 1, capabilities: managed });
    const reply = await newcomer.message(1);
    expect(reply.uid).toBe(uidA);
    expect(reply.newUid).toMatch(version7);
    await newcomer.message(2);
    const [, first, second] = harness.reports;
    expect([first?.report.uid, first?.report.sequence]).toEqual([reply.newUid, 0]);
    expect([second?.report.uid, second?.report.sequence]).toEqual([reply.newUid, 1]);
    holder.send({ uid: uidA, sequence: 1, capabilities: managed });
    await holder.message(2);
    expect(harness.reports[3]?.report.uid).toBe(uidA);
    expect([holder.closed, newcomer.closed]).toEqual([undefined, undefined]);
  });

  it('C-ID-3 [S] gives a polling newcomer a new uid too', async () => {
    const harness = await startServer();
    const holder = await connectAgent(harness);
    holder.send({ uid: uidA, capabilities: managed });
    await holder.message(1);
    const { message } = await poll(harness, { uid: uidA, capabilities: managed });
    expect(message?.uid).toBe(uidA);
    expect(message?.newUid).toMatch(version7);
    await poll(harness, { uid: uidA, sequence: 1, capabilities: managed });
    await poll(harness, { uid: message!.newUid!, sequence: 2, capabilities: managed });
    expect(harness.reports.slice(1).map(({ report }) => report.uid)).toEqual(Array(3).fill(message?.newUid));
    expect(holder.closed).toBeUndefined();
  });

  it('C-ID-3 [P] lets a restarted agent take over from a connection that does not answer', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    const dead = await connectAgent(harness, { autoPong: false });
    let pinged = false;
    dead.socket.on('ping', () => {
      pinged = true;
    });
    dead.send({ uid: uidA, capabilities: managed });
    await dead.message(1);
    const restarted = await connectAgent(harness);
    restarted.send({ uid: uidA, sequence: 0, capabilities: managed });
    await eventually(() => pinged);
    expect(harness.reports).toHaveLength(1);
    clock.advance(5_000);
    expect(await restarted.message(1)).toMatchObject({ uid: uidA });
    expect((await restarted.message(1)).newUid).toBeUndefined();
    expect((await dead.closing()).code).toBe(1006);
    expect(harness.gone).toEqual([]);
  });

  it('C-ID-3 [P] takes a continuing sequence for a reconnect and closes the old connection', async () => {
    const harness = await startServer();
    const old = await connectAgent(harness);
    old.send({ uid: uidA, sequence: 0, capabilities: managed });
    await old.message(1);
    const next = await connectAgent(harness);
    next.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect(await next.message(1)).toMatchObject({ uid: uidA });
    expect((await old.closing()).code).toBe(1000);
    await eventually(() => harness.server.connectionCount() === 1);
    expect(harness.gone).toEqual([]);
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('sent');
    expect((await next.message(2)).remoteConfig).toBeDefined();
  });

  it.runIf(hasTwoAddresses)(
    'C-ID-3 [S] tells two polling agents of one uid apart, and gives one of them a new uid',
    async () => {
      const harness = await startServer();
      const replies = [];
      for (let sequence = 1; sequence <= 5; sequence += 1) {
        replies.push(await poll(harness, { uid: uidA, sequence, capabilities: managed }, {}, '127.0.0.1'));
        replies.push(
          await poll(harness, { uid: uidA, sequence: sequence + 50, capabilities: managed }, {}, '127.0.0.2'),
        );
      }
      const newUids = replies.flatMap(({ message }) => message?.newUid ?? []);
      expect(replies.every(({ message }) => message?.uid === uidA)).toBe(true);
      expect(new Set(newUids).size).toBe(1);
      const renamed =
        replies.findIndex(({ message }) => message?.newUid) % 2 === 0 ? '127.0.0.1' : '127.0.0.2';
      const other = renamed === '127.0.0.1' ? '127.0.0.2' : '127.0.0.1';
      const othersTurn = other === '127.0.0.1' ? 0 : 1;
      const ofOther = harness.reports.filter((_, index) => index % 2 === othersTurn);
      expect(ofOther.every(({ report }) => report.uid === uidA)).toBe(true);
      const adopted = await poll(
        harness,
        { uid: newUids.at(-1)!, sequence: 60, capabilities: managed },
        {},
        renamed,
      );
      expect(adopted.message).toMatchObject({ uid: newUids.at(-1) });
      const kept = await poll(harness, { uid: uidA, sequence: 56, capabilities: managed }, {}, other);
      expect(kept.message?.newUid).toBeUndefined();
      expect(harness.reports.slice(-2).map(({ report }) => report.uid)).toEqual([newUids.at(-1), uidA]);
      expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('queued');
      expect(harness.server.offer(newUids.at(-1)!, renderedConfig('a'))).toBe('queued');
    },
  );

  it.runIf(hasTwoAddresses)(
    'C-ID-3 [I] takes one agent that polls from changing addresses for one',
    async () => {
      const harness = await startServer();
      for (let sequence = 0; sequence < 12; sequence += 1) {
        const address = sequence % 2 === 0 ? '127.0.0.1' : '127.0.0.2';
        const { message } = await poll(harness, { uid: uidA, sequence, capabilities: managed }, {}, address);
        expect(message?.newUid).toBeUndefined();
      }
      expect(new Set(harness.reports.map(({ session }) => session.id)).size).toBe(1);
    },
  );

  it('C-ID-4 [I] never lets two clones push each other out in turns', async () => {
    const harness = await startServer();
    const reassigned = () => harness.events.filter((event) => event === 'uid-reassigned').length;
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      const clone = await connectAgent(harness);
      clone.send({ uid: uidA, sequence: sequence * 100, capabilities: managed });
      await clone.message(1);
    }
    expect(reassigned()).toBe(1);
    expect(harness.server.connectionCount()).toBeGreaterThanOrEqual(2);
  });

  it('C-ID-4 [I] keeps the connection of a gateway whose agent moved away', async () => {
    const harness = await startServer();
    const gateway = await connectAgent(harness);
    for (const uid of [uidA, uidB]) gateway.send({ uid, capabilities: managed });
    await gateway.message(2);
    const next = await connectAgent(harness);
    next.send({ uid: uidA, sequence: 1, capabilities: managed });
    await next.message(1);
    gateway.send({ uid: uidB, sequence: 1, capabilities: managed });
    await gateway.message(3);
    expect(gateway.closed).toBeUndefined();
    gateway.socket.close();
    await eventually(() => harness.gone.length === 1);
    expect(harness.gone[0]?.uids).toEqual([uidB]);
  });

  it('C-ID-7 [P] leaves another tenant uid alone: the handler refuses, and its holder does not notice', async () => {
    const harness = await startServer();
    const holder = await connectAgent(harness);
    let pings = 0;
    holder.socket.on('ping', () => {
      pings += 1;
    });
    holder.send({ uid: uidA, capabilities: managed });
    await holder.message(1);
    harness.admit = () => ({ kind: 'accepted', tenant: 'globex', credential: 'other', scope: 'full' });
    harness.reply = (_, session) =>
      session.tenant === 'globex'
        ? { reportFullState: false, error: { type: 'bad-request', message: 'the instance uid is in use' } }
        : { reportFullState: false };
    const thief = await connectAgent(harness);
    thief.send({ uid: uidA, capabilities: managed });
    expect((await thief.message(1)).error?.type).toBe('bad-request');
    expect((await poll(harness, { uid: uidA, capabilities: managed })).message?.error?.type).toBe(
      'bad-request',
    );
    harness.server.offer(uidA, renderedConfig('secret'));
    expect((await holder.message(2)).remoteConfig).toBeDefined();
    thief.socket.close();
    await eventually(() => harness.server.connectionCount() === 1);
    expect([pings, thief.messages.length, harness.gone.length]).toEqual([0, 1, 0]);
  });
});
