import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Admission } from '../../../src/opamp-server/index.ts';
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

const accepted: Admission = { kind: 'accepted', tenant: 'acme', credential: 'edge', scope: 'full' };

/** Leaves every caller unjudged until it is told. */
function holdVerdicts(harness: Harness): ((admission: Admission) => void)[] {
  const verdicts: ((admission: Admission) => void)[] = [];
  harness.admit = () => new Promise((resolve) => void verdicts.push(resolve));
  return verdicts;
}

describe('admission', () => {
  it('fault 11: a verdict that takes its time admits or refuses as one at once does', async () => {
    const harness = await startServer();
    const verdicts = holdVerdicts(harness);
    const connecting = connectAgent(harness);
    const polling = poll(harness, { uid: uidB });
    const refused = refusedUpgrade(harness);
    await eventually(() => verdicts.length === 3);
    const callers = [...verdicts];
    for (const settle of callers.slice(0, 2)) settle(accepted);
    callers[2]?.({ kind: 'rejected', status: 401, reason: 'unknown credential' });
    expect((await refused).status).toBe(401);
    const agent = await connecting;
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).uid).toBe(uidA);
    expect((await polling).status).toBe(200);
  });

  it('fault 17: callers that are being judged count as in flight', async () => {
    const harness = await startServer({ maxPendingHandshakes: 2 });
    const verdicts = holdVerdicts(harness);
    const first = connectAgent(harness);
    const second = poll(harness, { uid: uidB });
    await eventually(() => verdicts.length === 2);
    expect((await refusedUpgrade(harness)).status).toBe(503);
    expect((await poll(harness, { uid: uidA })).status).toBe(503);
    for (const settle of verdicts) settle(accepted);
    await Promise.all([first, second]);
    harness.admit = () => accepted;
    expect((await poll(harness, { uid: uidA })).status).toBe(200);
  });

  it('fault 17: a verdict that does not come in time is a 503, and takes up no room any more', async () => {
    const clock = createManualClock();
    const harness = await startServer({ maxPendingHandshakes: 1 }, { clock });
    const verdicts = holdVerdicts(harness);
    const refused = refusedUpgrade(harness);
    await eventually(() => verdicts.length === 1);
    clock.advance(5_000);
    const { status, headers } = await refused;
    expect([status, headers['retry-after']]).toEqual([503, '45']);
    verdicts[0]?.(accepted);
    harness.admit = () => accepted;
    await connectAgent(harness);
  });

  it('fault 17: a caller that leaves before its verdict is forgotten', async () => {
    const harness = await startServer({ maxPendingHandshakes: 1 });
    const verdicts = holdVerdicts(harness);
    const socket = connect(harness.port, '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    socket.write(
      `GET /v1/opamp HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await eventually(() => verdicts.length === 1);
    socket.resetAndDestroy();
    verdicts[0]?.(accepted);
    await eventually(() => harness.server.connectionCount() === 0);
    harness.admit = () => accepted;
    await eventually(() => connectAgent(harness));
  });

  it('fault 2: no body is read before the verdict', async () => {
    const harness = await startServer();
    const verdicts = holdVerdicts(harness);
    const socket = connect(harness.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const length = 32 * 1024 * 1024;
    socket.write(
      `POST /v1/opamp HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${length}\r\n\r\n`,
    );
    let taken = false;
    socket.on('error', () => {});
    socket.write(Buffer.alloc(length), (error) => {
      taken = !error;
    });
    await eventually(() => verdicts.length === 1);
    expect(taken).toBe(false);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    verdicts[0]?.({ kind: 'rejected', status: 401, reason: 'unknown credential' });
    await eventually(() => answer.startsWith('HTTP/1.1 401'));
    expect(taken).toBe(false);
  });

  it('fault 11: a judgement that fails tells nothing of why', async () => {
    const harness = await startServer();
    harness.admit = () => Promise.reject(new Error('the key server says secret things'));
    const answer = await poll(harness, { uid: uidA });
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).not.toContain('secret');
  });
});
