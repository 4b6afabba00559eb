import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodeServerToAgent,
  encodeAgentToServer,
  type ServerMessage,
} from '../../../src/opamp-server/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, managed, poll, renderedConfig, send, startServer, uidA, uidB } from './harness.ts';

const protobuf = { 'content-type': 'application/x-protobuf' };

/** A report of exactly `length` bytes: a uid, and a field that nobody knows. */
function reportOfLength(length: number): Uint8Array {
  const uid = encodeAgentToServer({ uid: uidA });
  const message = Buffer.alloc(length);
  message.set(uid);
  const fillLength = length - uid.length - 7;
  // Field 1000, length-delimited; its length is padded to five bytes, so that it takes as many for every size.
  message.set([0xc2, 0x3e], uid.length);
  for (let at = 0; at < 5; at += 1) {
    message[uid.length + 2 + at] = ((fillLength >>> (7 * at)) & 0x7f) | (at < 4 ? 0x80 : 0);
  }
  return message;
}

describe('transport and framing', () => {
  it('C-TR-1 [S] serves WebSocket and plain HTTP at one URL, /v1/opamp by default', async () => {
    const harness = await startServer();
    expect(new URL(harness.url).pathname).toBe('/v1/opamp');
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).uid).toBe(uidA);
    const answer = await poll(harness, { uid: uidB, capabilities: managed });
    expect([answer.status, answer.message?.uid]).toEqual([200, uidB]);
    expect(harness.reports.map(({ session }) => session.transport)).toEqual(['ws', 'http']);
  });

  it('C-TR-2 [S] tells the transports apart by content type and refuses everything else with a 4xx', async () => {
    const harness = await startServer();
    const body = encodeAgentToServer({ uid: uidA });
    for (const type of [
      'application/x-protobuf',
      'Application/X-Protobuf',
      'application/x-protobuf; charset=utf-8',
    ]) {
      expect((await send(harness, 'POST', { 'content-type': type }, body)).status).toBe(200);
    }
    expect((await send(harness, 'POST', { 'content-type': 'application/json' }, body)).status).toBe(415);
    expect((await send(harness, 'POST', {}, body)).status).toBe(415);
    expect((await send(harness, 'GET', {})).status).toBe(426);
    expect((await send(harness, 'PUT', protobuf, body)).status).toBe(405);
    expect((await send({ url: `${harness.url}/other` }, 'POST', protobuf, body)).status).toBe(404);
    const upgrade = { connection: 'Upgrade', upgrade: 'h2c' };
    expect((await send(harness, 'GET', upgrade)).status).toBe(400);
    expect(harness.reports).toHaveLength(3);
  });

  it('C-TR-3 [M] sends binary frames of a zero byte and a ServerToAgent', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    const [frame] = agent.frames;
    expect(frame?.binary).toBe(true);
    expect(frame?.data[0]).toBe(0x00);
    expect(decodeServerToAgent(frame!.data.subarray(1)).uid).toBe(uidA);
  });

  it('C-TR-4 [S] answers a header other than 0 with BAD_REQUEST and tells nobody', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(Buffer.concat([Buffer.of(0x01), encodeAgentToServer({ uid: uidA })]));
    agent.sendRaw(Buffer.alloc(11, 0x80));
    expect((await agent.message(1)).error?.type).toBe('bad-request');
    expect((await agent.message(2)).error?.type).toBe('bad-request');
    expect(harness.reports).toHaveLength(0);
  });

  it('C-TR-4 [I] accepts a zero header that is padded as a varint may be', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(Buffer.concat([Buffer.of(0x80, 0x00), encodeAgentToServer({ uid: uidA })]));
    expect((await agent.message(1)).uid).toBe(uidA);
  });

  it('C-TR-5 [M] takes an empty message for one without a uid: BAD_REQUEST', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(Buffer.of(0x00));
    agent.sendRaw(Buffer.of());
    expect((await agent.message(1)).error?.type).toBe('bad-request');
    expect((await agent.message(2)).error?.type).toBe('bad-request');
    expect(agent.closed).toBeUndefined();
  });

  it('C-TR-6 [Y] accepts legacy messages without a header', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(encodeAgentToServer({ uid: uidA, sequence: 7 }));
    expect((await agent.message(1)).uid).toBe(uidA);
    expect(harness.reports[0]?.report.sequence).toBe(7);
  });

  it('C-TR-7 [I] answers a text frame with BAD_REQUEST and never decodes it', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(Buffer.from(encodeAgentToServer({ uid: uidA })).toString('latin1'));
    expect((await agent.message(1)).error?.type).toBe('bad-request');
    expect(harness.reports).toHaveLength(0);
    agent.send({ uid: uidA });
    expect((await agent.message(2)).uid).toBe(uidA);
  });

  it('C-TR-8 [I] puts fragments together and answers a ping between them', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    let pongs = 0;
    agent.socket.on('pong', () => {
      pongs += 1;
    });
    const payload = Buffer.concat([Buffer.of(0), encodeAgentToServer({ uid: uidA, capabilities: managed })]);
    agent.socket.send(payload.subarray(0, 5), { binary: true, fin: false });
    agent.socket.ping();
    await eventually(() => pongs === 1);
    expect(agent.messages).toHaveLength(0);
    agent.socket.send(payload.subarray(5), { binary: true, fin: true });
    expect((await agent.message(1)).uid).toBe(uidA);
  });

  it('C-TR-9 [M] closes 1009 on a message past the limit, and takes one exactly at it', async () => {
    const harness = await startServer({ maxMessageBytes: 1000 });
    const exact = await connectAgent(harness);
    exact.sendRaw(Buffer.concat([Buffer.of(0), reportOfLength(1000)]));
    expect((await exact.message(1)).uid).toBe(uidA);
    const over = await connectAgent(harness);
    over.sendRaw(Buffer.concat([Buffer.of(0), reportOfLength(1001)]));
    expect((await over.closing()).code).toBe(1009);
    const headerless = await connectAgent(harness);
    headerless.sendRaw(reportOfLength(1001));
    expect((await headerless.closing()).code).toBe(1009);
    expect(harness.reports).toHaveLength(1);
  });

  it('C-TR-10 [M] answers 413 to a body past the limit, plain or inflated', async () => {
    const harness = await startServer({ maxMessageBytes: 1000 });
    expect((await poll(harness, reportOfLength(1000))).status).toBe(200);
    expect((await poll(harness, reportOfLength(1001))).status).toBe(413);
    const bomb = gzipSync(reportOfLength(5_000_000));
    expect(
      (await poll(harness, bomb.subarray(0, 900), { 'content-encoding': 'gzip' })).status,
    ).toBeGreaterThanOrEqual(400);
    const smallBomb = gzipSync(reportOfLength(200_000));
    expect(smallBomb.length).toBeLessThan(1000);
    expect((await poll(harness, smallBomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await poll(harness, gzipSync(reportOfLength(1000)), { 'content-encoding': 'gzip' })).status).toBe(
      200,
    );
    expect(harness.reports).toHaveLength(2);
  });

  it('C-TR-11 [M] never sends a message past the limit, records it, and keeps the connection usable', async () => {
    const harness = await startServer({ maxMessageBytes: 1000 });
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('x'.repeat(2000)) });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).remoteConfig).toBeUndefined();
    expect(harness.server.offer(uidA, renderedConfig('y'.repeat(2000)))).toBe('refused');
    const answer = await poll(harness, { uid: uidB, capabilities: managed });
    expect([answer.status, answer.message?.remoteConfig]).toEqual([200, undefined]);
    expect(harness.events.filter((event) => event === 'message-oversize-outbound')).toHaveLength(3);
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('small') });
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect((await agent.message(2)).remoteConfig?.hash).toBe(renderedConfig('small').hash);
  });

  it('C-TR-12 [S] takes 64 MiB by default', async () => {
    const harness = await startServer();
    const answer = await poll(harness, reportOfLength(64 * 1024 * 1024));
    expect(answer.status).toBe(200);
  });

  it('C-TR-13 [M] reads gzip and identity bodies, and refuses other encodings with 415', async () => {
    const harness = await startServer();
    const message = encodeAgentToServer({ uid: uidA, sequence: 3 });
    expect((await poll(harness, gzipSync(message), { 'content-encoding': 'gzip' })).message?.uid).toBe(uidA);
    expect((await poll(harness, message, { 'content-encoding': 'identity' })).message?.uid).toBe(uidA);
    expect((await poll(harness, message, { 'content-encoding': 'br' })).status).toBe(415);
    expect((await poll(harness, message, { 'content-encoding': 'gzip' })).status).toBe(400);
    expect(harness.reports.map(({ report }) => report.sequence)).toEqual([3, 3]);
  });

  it.each([
    ['gzip', true],
    ['gzip;q=0', false],
    ['*', true],
    ['*;q=0', false],
    ['identity', false],
    ['br, gzip;q=0.5', true],
    ['GZIP', true],
    [undefined, false],
  ])(
    'C-TR-14 [S] compresses the reply if Accept-Encoding permits: %s',
    async (acceptEncoding, compressed) => {
      const harness = await startServer();
      const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
      const answer = await poll(harness, { uid: uidA }, headers);
      expect(answer.headers['content-encoding']).toBe(compressed ? 'gzip' : undefined);
      expect(answer.message?.uid).toBe(uidA);
    },
  );

  it('C-TR-15 [M] answers every poll with a ServerToAgent of exactly this media type', async () => {
    const harness = await startServer();
    for (const sequence of [0, 1, 2]) {
      const answer = await poll(harness, { uid: uidA, sequence });
      expect(answer.headers['content-type']).toBe('application/x-protobuf');
      expect(answer.message?.uid).toBe(uidA);
    }
  });

  it('C-TR-16 [M] sends a close frame before it ends a connection: 1001 on shutdown', async () => {
    const harness = await startServer({ drainMs: 20 });
    const agents = await Promise.all([connectAgent(harness), connectAgent(harness)]);
    await harness.server.drain(new AbortController().signal);
    expect(harness.server.connectionCount()).toBe(0);
    for (const agent of agents) expect((await agent.closing()).code).toBe(1001);
  });

  it('C-TR-17 [I] echoes the close of a client', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.socket.close(1000, 'Normal closure');
    expect((await agent.closing()).code).toBe(1000);
    await eventually(() => harness.server.connectionCount() === 0);
  });

  it('C-TR-18 [I] declines compression: the upgrade reply names no extension', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness, { perMessageDeflate: true });
    expect(agent.socket.extensions).toBe('');
    agent.send({ uid: uidA });
    expect((await agent.message(1)).uid).toBe(uidA);
  });

  it('C-TR-18 [I] selects no subprotocol', async () => {
    const harness = await startServer();
    const upgrade = connectAgent(harness, { protocol: 'opamp' } as object);
    expect((await upgrade).socket.protocol).toBe('');
  });

  it('C-TR-19 [I] keeps only the newest offer for a client that does not read', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    agent.socket.pause();
    expect(harness.server.offer(uidA, renderedConfig('first'))).toBe('sent');
    await eventually(() => harness.events.includes('offer-sent'));
    for (const text of ['second', 'third', 'fourth']) {
      expect(harness.server.offer(uidA, renderedConfig(text))).toBe('queued');
    }
    agent.socket.resume();
    const offered = await eventually(() => {
      const hashes = agent.messages.flatMap(({ remoteConfig }) => remoteConfig?.hash ?? []);
      return hashes.includes(renderedConfig('fourth').hash) && hashes;
    });
    expect(offered).toEqual([renderedConfig('first').hash, renderedConfig('fourth').hash]);
  });

  it('C-TR-19 [I] writes replies and pushes whole and in order', async () => {
    const harness = await startServer({ maxSocketBacklogBytes: 64 * 1024 * 1024 });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    for (let round = 1; round <= 50; round += 1) {
      agent.send({ uid: uidA, sequence: round, capabilities: managed });
      harness.server.offer(uidA, renderedConfig(`round ${round}`));
    }
    const isLast = ({ remoteConfig }: ServerMessage) =>
      remoteConfig?.hash === renderedConfig('round 50').hash;
    await eventually(() => agent.messages.length >= 51 && agent.messages.some(isLast));
    expect(agent.messages.every(({ uid }) => uid === uidA)).toBe(true);
  });

  it('C-TR-20 [I] replaces lone surrogates in every text that it sends', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    harness.reply = () => ({
      reportFullState: false,
      error: { type: 'unknown', message: 'bad \ud800 text' },
    });
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).error?.message).toBe('bad \ufffd text');
    const file = { key: 'a\udfff', contentType: 'text/\ud800', body: Buffer.from('x') };
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('x', [file]) });
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    const { remoteConfig } = await agent.message(2);
    expect(remoteConfig?.files[0]).toMatchObject({ key: 'a\ufffd', contentType: 'text/\ufffd' });
  });

  it('C-TR-21 [P] pings, and cuts a connection that does not answer', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    const answering = await connectAgent(harness);
    const silent = await connectAgent(harness, { autoPong: false });
    const pings = { answering: 0, silent: 0 };
    answering.socket.on('ping', () => void (pings.answering += 1));
    silent.socket.on('ping', () => void (pings.silent += 1));
    answering.send({ uid: uidA, capabilities: managed });
    silent.send({ uid: uidB, capabilities: managed });
    await Promise.all([answering.message(1), silent.message(1)]);
    clock.advance(31_000);
    await eventually(() => pings.answering === 1 && pings.silent === 1);
    // An answered request behind the pong shows that the server has read it.
    answering.send({ uid: uidA, sequence: 1, capabilities: managed });
    await answering.message(2);
    clock.advance(21_000);
    expect((await silent.closing()).code).toBe(1006);
    await eventually(() => harness.gone.length === 1);
    expect(harness.gone[0]?.uids).toEqual([uidB]);
    expect(answering.closed).toBeUndefined();
  });
});
