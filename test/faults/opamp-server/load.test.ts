import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { instanceUid } from '../../../src/model/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import {
  connectAgent,
  managed,
  poll,
  refusedUpgrade,
  renderedConfig,
  send,
  startServer,
  uidA,
  uidB,
} from '../../conformance/opamp-server/harness.ts';
import { eventually } from '../../support/eventually.ts';

const uidOf = (index: number) => instanceUid(`01936f2e-8c1a-7b42-9d55-${String(index).padStart(12, '0')}`);

describe('load and network', () => {
  it('fault 17: when everyone reconnects at once, what is too much is told to come back later, at different times', async () => {
    const clock = createManualClock();
    let seed = 1;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const harness = await startServer({ maxHandshakesPerSecond: 50 }, { clock, random });
    const delays: number[] = [];
    let connected = 0;
    let waiting = Array.from({ length: 200 }, (_, index) => index);
    for (let round = 0; waiting.length > 0 && round < 10; round += 1) {
      const outcomes = await Promise.all(waiting.map((index) => attempt(index)));
      waiting = waiting.filter((_, position) => !outcomes[position]);
      clock.advance(1_000);
    }
    expect([connected, waiting]).toEqual([200, []]);
    expect(harness.server.connectionCount()).toBe(200);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...delays)).toBeLessThanOrEqual(60);
    expect(new Set(delays).size).toBeGreaterThan(20);

    async function attempt(index: number): Promise<boolean> {
      try {
        const agent = await connectAgent(harness);
        agent.send({ uid: uidOf(index), capabilities: managed });
        await agent.message(1);
        connected += 1;
        return true;
      } catch (error) {
        const { status, headers } = error as { status: number; headers: Record<string, string> };
        expect(status).toBe(503);
        delays.push(Number(headers['retry-after']));
        return false;
      }
    }
  });

  it('fault 17: connections that say nothing use up the handshakes, and are closed in time', async () => {
    const clock = createManualClock();
    const harness = await startServer({ maxPendingHandshakes: 3 }, { clock });
    const silent = await Promise.all([connectAgent(harness), connectAgent(harness), connectAgent(harness)]);
    expect((await refusedUpgrade(harness)).status).toBe(503);
    silent[0]!.send({ uid: uidA, capabilities: managed });
    await silent[0]!.message(1);
    const late = await connectAgent(harness);
    late.send({ uid: uidB, capabilities: managed });
    await late.message(1);
    clock.advance(31_000);
    expect((await silent[1]!.closing()).code).toBe(1008);
    expect((await silent[2]!.closing()).code).toBe(1008);
    expect([silent[0]!.closed, late.closed]).toEqual([undefined, undefined]);
  });

  it('fault 17: a connection that ends without a word gives its handshake back', async () => {
    const harness = await startServer({ maxPendingHandshakes: 1 });
    for (let count = 0; count < 3; count += 1) {
      const visitor = await connectAgent(harness);
      visitor.socket.terminate();
      await eventually(() => harness.server.connectionCount() === 0);
    }
    const faulty = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '7' };
    for (let count = 0; count < 3; count += 1) {
      expect((await send(harness, 'GET', faulty)).status).toBe(400);
    }
    await connectAgent(harness);
  });

  it("fault 17: callers without a credential use up nobody's rate", async () => {
    const clock = createManualClock();
    const harness = await startServer({ maxHandshakesPerSecond: 2 }, { clock });
    harness.admit = () => ({ kind: 'rejected', status: 401, reason: 'unknown credential' });
    for (let count = 0; count < 5; count += 1) expect((await refusedUpgrade(harness)).status).toBe(401);
    harness.admit = () => ({ kind: 'accepted', tenant: 'acme', credential: 'edge', scope: 'full' });
    await connectAgent(harness);
    await connectAgent(harness);
    expect((await refusedUpgrade(harness)).status).toBe(503);
  });

  it('fault 17: a server that drains listens no more, so that clients try elsewhere at once', async () => {
    const harness = await startServer({ drainMs: 10 });
    const agent = await connectAgent(harness);
    await harness.server.drain(new AbortController().signal);
    expect((await agent.closing()).code).toBe(1001);
    await expect(refusedUpgrade(harness)).rejects.toThrow('ECONNREFUSED');
  });

  it('fault 17: who was let in just before is turned away without a Retry-After, which would outlast the restart', async () => {
    const harness = await startServer({ drainMs: 3_600_000 });
    await connectAgent(harness);
    const late = connect(Number(new URL(harness.url).port), '127.0.0.1');
    late.write('GET /v1/opamp HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    await poll(harness, { uid: uidA, capabilities: managed });
    void harness.server.drain(new AbortController().signal);
    late.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    const answer = await text(late);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).not.toMatch(/^retry-after/im);
  });

  it('fault 17: a drain that is cut short ends at once', async () => {
    const harness = await startServer({ drainMs: 3_600_000 }, { clock: createManualClock() });
    const agent = await connectAgent(harness);
    const abort = new AbortController();
    const drained = harness.server.drain(abort.signal);
    abort.abort();
    await drained;
    expect((await agent.closing()).code).toBe(1006);
  });

  it('fault 18: a client that never reads costs one offer, delays nobody and is cut', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    const stalled = await connectAgent(harness);
    const healthy = await connectAgent(harness);
    stalled.send({ uid: uidA, capabilities: managed });
    healthy.send({ uid: uidB, capabilities: managed });
    await Promise.all([stalled.message(1), healthy.message(1)]);
    stalled.socket.pause();
    for (let revision = 1; revision <= 20; revision += 1) {
      const config = renderedConfig(`revision ${revision} ${'x'.repeat(500_000)}`);
      harness.server.offer(uidA, config);
      harness.server.offer(uidB, config);
      await eventually(() => healthy.messages.at(-1)?.remoteConfig?.hash === config.hash);
    }
    // One offer went to the stalled client, twenty to the other.
    expect(harness.events.filter((event) => event === 'offer-sent')).toHaveLength(21);
    const pinged = once(healthy.socket, 'ping');
    clock.advance(31_000);
    await pinged;
    healthy.send({ uid: uidB, sequence: 1, capabilities: managed });
    await healthy.message(22);
    clock.advance(21_000);
    await eventually(() => harness.gone.length === 1);
    expect(harness.gone[0]?.uids).toEqual([uidA]);
    expect(harness.events).toContain('slow-consumer-closed');
    expect(healthy.closed).toBeUndefined();
  });

  it('fault 18: a client that sends without reading its answers is no longer read from', async () => {
    const harness = await startServer({ maxSocketBacklogBytes: 200_000 });
    const message = 'x'.repeat(200_000);
    const files = [{ key: '', contentType: 'text/yaml', body: Buffer.alloc(100_000) }];
    harness.reply = () => ({ reportFullState: false, error: { type: 'unknown', message } });
    const agent = await connectAgent(harness);
    agent.socket.pause();
    for (let sequence = 0; sequence < 200; sequence += 1)
      agent.send({ uid: uidA, sequence, effectiveConfig: { files } });
    // The kernel takes some megabytes of answers before the server notices: far from all 40 MB.
    await eventually(() => harness.reports.length > 0);
    let seen = -1;
    await eventually(
      () => {
        const settled = seen === harness.reports.length;
        seen = harness.reports.length;
        return settled;
      },
      10_000,
      100,
    );
    expect(seen).toBeLessThan(150);
    agent.socket.resume();
    await agent.message(200);
    expect(harness.reports).toHaveLength(200);
  });

  it('fault 18: a half-open connection is found by its silence', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    const halfOpen = await connectAgent(harness, { autoPong: false });
    halfOpen.send({ uid: uidA, capabilities: managed });
    await halfOpen.message(1);
    const pinged = once(halfOpen.socket, 'ping');
    clock.advance(31_000);
    await pinged;
    clock.advance(21_000);
    await eventually(() => harness.gone.length === 1);
    expect(harness.events).toContain('ping-unanswered');
  });

  it('fault 18: a busy client that goes on sending has longer to answer a ping', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    const busy = await connectAgent(harness, { autoPong: false });
    for (let sequence = 0; sequence < 5; sequence += 1) {
      busy.send({ uid: uidA, sequence, capabilities: managed });
      await busy.message(sequence + 1);
      clock.advance(30_000);
    }
    expect(busy.closed).toBeUndefined();
    busy.send({ uid: uidA, sequence: 5, capabilities: managed });
    await busy.message(6);
    clock.advance(2_000);
    expect((await busy.closing()).code).toBe(1006);
  });

  it('fault 23: time that the server itself stood still counts against nobody', async () => {
    const clock = createManualClock();
    let stall = 0;
    const stalling = { ...clock, monotonic: () => clock.monotonic() + stall };
    const harness = await startServer({}, { clock: stalling });
    const agent = await connectAgent(harness, { autoPong: false });
    agent.send({ uid: uidA, capabilities: managed });
    await agent.message(1);
    await poll(harness, { uid: uidB, capabilities: managed });
    clock.advance(31_000);
    stall = 3_600_000;
    clock.jump(3_600_000);
    clock.advance(1_000);
    clock.advance(10_000);
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    await agent.message(2);
    expect(harness.gone).toEqual([]);
    clock.advance(60_000);
    await eventually(() => harness.gone.length === 2);
  });
});
