import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { applyReport } from '../../../src/fleet/index.ts';
import type { AgentState, ComponentHealth } from '../../../src/model/index.ts';
import { encodeAgentToServer } from '../../../src/opamp-server/index.ts';
import {
  connectAgent,
  type Harness,
  managed,
  poll,
  renderedConfig,
  send,
  startServer,
  uidA,
  uidB,
} from '../../conformance/opamp-server/harness.ts';
import { eventually } from '../../support/eventually.ts';
import { connectRaw, upgradeHead } from './raw-socket.ts';

/** Whether somebody else is still served. */
async function expectService(harness: Harness): Promise<void> {
  expect((await poll(harness, { uid: uidB, capabilities: managed })).message?.uid).toBe(uidB);
}

describe('protocol input', () => {
  it('fault 1: an oversize message is refused by its declared length, before any of it has come', async () => {
    const harness = await startServer({ maxMessageBytes: 10_000 });
    const client = await connectRaw(harness);
    client.socket.write(upgradeHead);
    await eventually(() => client.received().includes('101 Switching Protocols'));
    // A masked binary frame that declares 1 TiB.
    client.socket.write(Buffer.from('82ff0000010000000000aabbccdd', 'hex'));
    const close = Buffer.from('880203f1', 'hex');
    await eventually(() => client.received().includes(close));
    expect(harness.reports).toHaveLength(0);
    await expectService(harness);
  });

  it('fault 1: an oversize message is refused at the fragment that passes the limit', async () => {
    const harness = await startServer({ maxMessageBytes: 10_000 });
    const agent = await connectAgent(harness);
    const fragment = Buffer.alloc(4_000);
    agent.socket.send(fragment, { binary: true, fin: false });
    agent.socket.send(fragment, { binary: true, fin: false });
    agent.socket.send(fragment, { binary: true, fin: false });
    expect((await agent.closing()).code).toBe(1009);
    expect(harness.reports).toHaveLength(0);
  });

  it('fault 2: an endless body ends with 413 at the limit, and bad encodings with 400 and 415', async () => {
    const harness = await startServer({ maxMessageBytes: 50_000 });
    const client = await connectRaw(harness);
    const head = [
      'POST /v1/opamp HTTP/1.1',
      'Host: x',
      'Content-Type: application/x-protobuf',
      'Transfer-Encoding: chunked',
      '',
      '',
    ];
    client.socket.write(head.join('\r\n'));
    const chunk = Buffer.concat([Buffer.from('2710\r\n'), Buffer.alloc(10_000), Buffer.from('\r\n')]);
    for (let sent = 0; sent < 6; sent += 1) client.socket.write(chunk);
    await eventually(() => client.received().includes('HTTP/1.1 413'));
    await eventually(() => client.ended());
    const zipped = gzipSync(encodeAgentToServer({ uid: uidA }));
    const gzip = { 'content-encoding': 'gzip' };
    expect((await poll(harness, zipped.subarray(0, zipped.length - 9), gzip)).status).toBe(400);
    expect((await poll(harness, Buffer.from('not gzip'), gzip)).status).toBe(400);
    expect((await poll(harness, zipped, { 'content-encoding': 'zstd' })).status).toBe(415);
    expect((await poll(harness, gzipSync(Buffer.alloc(5_000_000)), gzip)).status).toBe(413);
    await expectService(harness);
  });

  it('fault 2: bodies that together pass the budget are refused with 503', async () => {
    const harness = await startServer({ maxMessageBytes: 50_000, maxBufferedBodyBytes: 60_000 });
    const head =
      'POST /v1/opamp HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 50000\r\n\r\n';
    const slow = await connectRaw(harness);
    slow.socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(40_000)]));
    const body = Buffer.alloc(40_000);
    const refused = await eventually(async () => {
      const answer = await poll(harness, body);
      return answer.status === 503 ? answer : undefined;
    });
    expect(Number(refused.headers['retry-after'])).toBe(45);
    slow.socket.destroy();
    await eventually(async () => (await poll(harness, body)).status === 400);
  });

  it('fault 3: a request by drops is cut, and others are served meanwhile', async () => {
    const harness = await startServer({ headersTimeoutMs: 150, requestTimeoutMs: 300 });
    const headDrop = await connectRaw(harness);
    headDrop.socket.write('POST /v1/opamp HTTP/1.1\r\nHost: x\r\n');
    const mute = await connectRaw(harness);
    const bodyDrop = await connectRaw(harness);
    const head =
      'POST /v1/opamp HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100\r\n\r\n';
    bodyDrop.socket.write(`${head}0`);
    await expectService(harness);
    await eventually(() => headDrop.ended() && bodyDrop.ended() && mute.ended());
    expect(headDrop.received().toString()).toContain('HTTP/1.1 408');
    await expectService(harness);
  });

  it('fault 3: a body shorter or longer than it declares harms nobody', async () => {
    const harness = await startServer();
    const short = await connectRaw(harness);
    const head = (length: number) =>
      `POST /v1/opamp HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${length}\r\n\r\n`;
    short.socket.end(`${head(100)}abc`);
    await eventually(() => short.ended());
    const long = await connectRaw(harness);
    long.socket.write(
      Buffer.concat([
        Buffer.from(head(18)),
        encodeAgentToServer({ uid: uidA }),
        Buffer.from('garbage\r\n\r\n'),
      ]),
    );
    await eventually(() => long.received().includes('HTTP/1.1 400') && long.ended());
    await expectService(harness);
  });

  it('fault 4: truncated, random and very deep messages are BAD_REQUEST, and too many of them end the connection', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    const valid = encodeAgentToServer({
      uid: uidA,
      description: { identifying: [{ key: 'a', value: 'b' }], nonIdentifying: [] },
    });
    const uid = encodeAgentToServer({ uid: uidA });
    const bad = [
      valid.subarray(0, valid.length - 1),
      Buffer.from('ffffffffffffffffffffffff', 'hex'),
      Buffer.concat([uid, nestedHealth(50_000)]),
    ];
    for (const data of bad) agent.sendRaw(Buffer.concat([Buffer.of(0), data]));
    await agent.message(3);
    expect(agent.messages.map(({ error }) => error?.type)).toEqual(Array(3).fill('bad-request'));
    expect(agent.closed).toBeUndefined();
    for (let count = 3; count < 10; count += 1) agent.sendRaw(Buffer.of(0, 0xff));
    expect((await agent.closing()).code).toBe(1008);
    expect(harness.reports).toHaveLength(0);
    expect(harness.events.filter((event) => event === 'message-malformed')).toHaveLength(10);
  });

  it('fault 5: non-zero headers, text and empty messages are malformed', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    for (const payload of [Buffer.of(2, 1), Buffer.of(), Buffer.of(0), 'text', Buffer.alloc(12, 0xff)])
      agent.sendRaw(payload);
    await agent.message(5);
    expect(agent.messages.map(({ error }) => error?.type)).toEqual(Array(5).fill('bad-request'));
    expect(harness.reports).toHaveLength(0);
  });

  it('fault 6: no uid of a wrong shape gets past the codec, in the message or in the header', async () => {
    const harness = await startServer();
    const path = Buffer.from('../../../../etc/pa');
    for (const uid of [
      path,
      path.subarray(0, 15),
      new Uint8Array(16),
      Buffer.from('../../../../../etc/passwd\0'),
    ]) {
      expect((await poll(harness, { uid })).message?.error?.type).toBe('bad-request');
    }
    const answer = await poll(harness, { uid: uidA }, { 'opamp-instance-uid': '../../etc/passwd' });
    expect(answer.message?.uid).toBe(uidA);
    expect(harness.reports.map(({ report }) => report.uid)).toEqual([uidA]);
  });

  it('fault 7: unknown fields, flags, bits and enum values are ignored', async () => {
    const harness = await startServer();
    const uid = encodeAgentToServer({ uid: uidA });
    // flags 0xfff0, capabilities with bit 50, status enum 99, field 200 of every wire type.
    const unknown = Buffer.from(
      '50f0ff0320818080808080800' + '13a021063c20c0161c00c01c10c0000000000000000c50c00000000',
      'hex',
    );
    const answer = await poll(harness, Buffer.concat([uid, unknown]));
    expect(answer.message?.error).toBeUndefined();
    expect(harness.reports[0]?.report).toMatchObject({
      requestsUid: false,
      remoteConfigStatus: { state: 'unset' },
    });
  });

  it('fault 8: many and large attributes are capped, and no name pollutes a prototype', async () => {
    const harness = await startServer();
    const many = Array.from({ length: 10_000 }, (_, index) => ({ key: `key-${index}`, value: 'v' }));
    const nasty = [
      { key: '__proto__', value: 'polluted' },
      { key: 'constructor', value: new Map([['prototype', 'polluted']]) },
      { key: 'huge', value: 'x'.repeat(1_000_000) },
      { key: 'control', value: 'a\0b\u001b[31m' },
    ];
    await poll(harness, { uid: uidA, description: { identifying: nasty, nonIdentifying: many } });
    const invalidUtf8 = Buffer.from('1a0b0a090a016112040a02eda0', 'hex');
    await poll(harness, Buffer.concat([encodeAgentToServer({ uid: uidA }), invalidUtf8]));
    const { identifying, nonIdentifying } = harness.reports[0]!.report.description!;
    expect(nonIdentifying).toHaveLength(256);
    expect(identifying.map(({ key }) => key)).toEqual(['__proto__', 'constructor', 'huge', 'control']);
    expect(identifying[2]?.value).toHaveLength(4096);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const [broken] = harness.reports[1]!.report.description!.identifying;
    expect(broken?.value).toMatch(/^\ufffd+$/);
  });

  it('fault 9: a client that ignores ReportFullState and leaves a gap is asked, not flooded', async () => {
    const harness = await startServer();
    let state: AgentState | undefined;
    harness.reply = (report, session) => {
      const applied = applyReport(state, report, {
        now: 1,
        tenant: session.tenant,
        credential: session.credential,
        connection: session.id,
        transport: session.transport,
        secure: true,
        judgeHealth: (health: ComponentHealth) => health,
        describe: () => ({ labels: new Map(), type: 'raw' }),
        fullStateEveryMs: 60_000,
      });
      state = applied.agent;
      return { reportFullState: applied.askFullState };
    };
    const agent = await connectAgent(harness);
    const sequences = [5, 6, 7, 8, 12, 13, 14, 15];
    for (const sequence of sequences) agent.send({ uid: uidA, sequence, capabilities: managed });
    await agent.message(sequences.length);
    expect(agent.messages.map(({ reportFullState }) => reportFullState)).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it('fault 10: an offer of deflate is declined and the connection works', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness, {
      perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
    });
    expect(agent.socket.extensions).toBe('');
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    harness.server.offer(uidA, renderedConfig('a: 1'));
    expect((await agent.message(2)).remoteConfig?.hash).toBe(renderedConfig('a: 1').hash);
  });

  it('fault 12: one gate stands before every transport, method and spelling of the path', async () => {
    const harness = await startServer();
    harness.admit = () => ({ kind: 'rejected', status: 401, reason: 'unknown credential' });
    const body = encodeAgentToServer({ uid: uidA });
    const paths = [
      '/v1/opamp',
      '/v1/opamp?token=x',
      '//v1/opamp',
      '/v1//opamp',
      '/v1/opamp/',
      '/V1/OPAMP',
      '/v1/%6fpamp',
      '/v1/./opamp',
      '/x/../v1/opamp',
      '/',
    ];
    for (const path of paths) {
      for (const method of ['POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
        const client = await connectRaw(harness);
        const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
        client.socket.write(Buffer.concat([Buffer.from(head), body]));
        await eventually(() => client.ended());
        expect(client.received().toString()).toMatch(/^HTTP\/1\.1 (401|404) /);
      }
      const upgrade = await connectRaw(harness);
      upgrade.socket.write(upgradeHead.replace('/v1/opamp', path));
      await eventually(() => upgrade.ended());
      expect(upgrade.received().toString()).toMatch(/^HTTP\/1\.1 (401|404) /);
    }
    expect((await send(harness, 'POST', { 'content-type': 'text/plain' }, body)).status).toBe(401);
    expect(harness.reports).toHaveLength(0);
    expect(harness.server.connectionCount()).toBe(0);
  });
});

/** A health tree of `depth` components, each the only child of the one before. */
function nestedHealth(depth: number): Buffer {
  const bytes: number[] = [];
  const wrap = (tag: number): void => {
    // Written back to front: the length behind the content, its varint's last byte first.
    const varint: number[] = [];
    for (let rest = bytes.length; ; rest >>>= 7) {
      varint.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
      if (rest <= 0x7f) break;
    }
    bytes.push(...varint.reverse(), tag);
  };
  for (let level = 0; level < depth; level += 1) {
    wrap(0x12);
    wrap(0x32);
  }
  wrap(0x2a);
  return Buffer.from(bytes.reverse());
}
