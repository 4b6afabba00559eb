import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../src/runtime/index.ts';
import {
  connectAgent,
  type Harness,
  managed,
  poll,
  refusedUpgrade,
  startServer,
  uidA,
  uidB,
} from '../../conformance/opamp-server/harness.ts';
import { eventually } from '../../support/eventually.ts';
import { connectRaw } from './raw-socket.ts';

const quota = () => ({ messagesPerSecond: 2, bytesPerSecond: 100_000 });

function admitByHeader(harness: Harness): void {
  harness.admit = ({ authorization }) => ({
    kind: 'accepted',
    tenant: authorization ?? 'acme',
    credential: 'edge',
    scope: 'full',
  });
}

const as = (tenant: string) => ({ headers: { authorization: tenant } });

describe('quotas and flapping', () => {
  it('fault 17: a connection that floods is read more slowly, and loses nothing', async () => {
    const clock = createManualClock();
    const harness = await startServer({ quota }, { clock });
    const agent = await connectAgent(harness);
    for (let sequence = 0; sequence < 21; sequence += 1)
      agent.send({ uid: uidA, sequence, capabilities: managed });
    await agent.message(21);
    agent.send({ uid: uidA, sequence: 21, capabilities: managed });
    const bystander = await connectAgent(harness);
    expect(bystander.socket.readyState).toBe(1);
    expect(harness.reports).toHaveLength(21);
    await eventually(() => {
      clock.advance(500);
      return harness.reports.length === 22;
    });
    expect((await agent.message(22)).uid).toBe(uidA);
  });

  it('fault 17: the flood of one tenant delays no other', async () => {
    const clock = createManualClock();
    const harness = await startServer({ quota }, { clock });
    admitByHeader(harness);
    const flooding = await connectAgent(harness, as('globex'));
    for (let sequence = 0; sequence < 40; sequence += 1) flooding.send({ uid: uidB, sequence });
    await eventually(() => harness.reports.length >= 20);
    const other = await connectAgent(harness, as('acme'));
    for (let sequence = 0; sequence < 10; sequence += 1) {
      other.send({ uid: uidA, sequence, capabilities: managed });
      await other.message(sequence + 1);
    }
    expect((await poll(harness, { uid: uidB }, { authorization: 'globex' })).status).toBe(429);
  });

  it("fault 17: the bodies of one tenant leave room for another's", async () => {
    const harness = await startServer({ maxMessageBytes: 50_000, maxBufferedBodyBytes: 150_000 });
    admitByHeader(harness);
    const head =
      'POST /v1/opamp HTTP/1.1\r\nHost: x\r\nAuthorization: globex\r\n' +
      'Content-Type: application/x-protobuf\r\nContent-Length: 50000\r\n\r\n';
    for (let count = 0; count < 4; count += 1) {
      const slow = await connectRaw(harness);
      slow.socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(45_000)]));
    }
    const files = [{ key: '', contentType: '', body: Buffer.alloc(45_000) }];
    const large = { uid: uidB, effectiveConfig: { files } };
    await eventually(async () => (await poll(harness, large, { authorization: 'globex' })).status === 503);
    expect((await poll(harness, large, { authorization: 'acme' })).status).toBe(200);
  });

  it('fault 17: a tenant that polls too much is told 429 and when to come back', async () => {
    const clock = createManualClock();
    const harness = await startServer({ quota }, { clock });
    const answers: number[] = [];
    for (let sequence = 0; sequence < 22; sequence += 1)
      answers.push((await poll(harness, { uid: uidA, sequence })).status);
    expect(answers.slice(0, 21)).toEqual(new Array(21).fill(200));
    expect(answers[21]).toBe(429);
    const refused = await poll(harness, { uid: uidA, sequence: 30 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    clock.advance(1_000);
    expect((await poll(harness, { uid: uidA, sequence: 31 })).status).toBe(200);
  });

  it('fault 17: bytes count as messages do', async () => {
    const clock = createManualClock();
    const harness = await startServer({ quota }, { clock });
    const files = [{ key: '', contentType: '', body: Buffer.alloc(1_100_000) }];
    expect((await poll(harness, { uid: uidA, effectiveConfig: { files } })).status).toBe(200);
    expect((await poll(harness, { uid: uidA })).status).toBe(429);
  });

  it('fault 19: an agent that connects again and again is kept away for longer each time, and forgotten later', async () => {
    const clock = createManualClock();
    const harness = await startServer({ maxConnectsPerUid: 3 }, { clock });
    const headers = { 'opamp-instance-uid': uidA };
    const comeAndGo = async (): Promise<void> => {
      const agent = await connectAgent(harness, { headers });
      agent.send({ uid: uidA, sequence: 1, capabilities: managed });
      await agent.message(1);
      agent.socket.close(1000);
      await agent.closing();
      await eventually(() => harness.server.connectionCount() === 0);
    };
    for (let count = 0; count < 4; count += 1) await comeAndGo();
    const first = await refusedUpgrade(harness, { headers });
    expect([first.status, first.headers['retry-after']]).toEqual([429, '45']);
    const other = await connectAgent(harness, { headers: { 'opamp-instance-uid': uidB } });
    other.send({ uid: uidB, capabilities: managed });
    expect((await other.message(1)).uid).toBe(uidB);
    other.socket.close(1000);
    await eventually(() => harness.server.connectionCount() === 0);
    clock.advance(46_000);
    for (let count = 0; count < 4; count += 1) await comeAndGo();
    expect((await refusedUpgrade(harness, { headers })).headers['retry-after']).toBe('90');
    clock.advance(90_000 + 61_000);
    for (let count = 0; count < 4; count += 1) await comeAndGo();
    expect((await refusedUpgrade(harness, { headers })).headers['retry-after']).toBe('45');
  });

  it('fault 19: one that does not name itself before the upgrade is told UNAVAILABLE, and keeps its connection', async () => {
    const clock = createManualClock();
    const harness = await startServer({ maxConnectsPerUid: 1 }, { clock });
    for (let count = 0; count < 2; count += 1) {
      const agent = await connectAgent(harness);
      agent.send({ uid: uidA, sequence: 1, capabilities: managed });
      await agent.message(1);
      agent.socket.close(1000);
      await agent.closing();
      await eventually(() => harness.server.connectionCount() === 0);
    }
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    expect(await agent.message(1)).toMatchObject({ error: { type: 'unavailable', retryAfterMs: 45_000 } });
    expect(harness.reports).toHaveLength(2);
    clock.advance(46_000);
    agent.send({ uid: uidA, sequence: 2, capabilities: managed });
    expect((await agent.message(2)).error).toBeUndefined();
  });

  it('fault 19: an address that connects too often is kept away', async () => {
    const clock = createManualClock();
    const harness = await startServer({ maxConnectsPerAddress: 2 }, { clock });
    await connectAgent(harness);
    await connectAgent(harness);
    expect((await refusedUpgrade(harness)).status).toBe(429);
    await connectAgent(harness, { localAddress: '127.0.0.2' });
  });
});
