import { describe, expect, it } from 'vitest';
import { encodeAgentToServer } from '../../../src/opamp-server/index.ts';
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
} from './harness.ts';

const truncated = Buffer.from('0a10aabb', 'hex');

describe('errors, throttling and authentication', () => {
  it('C-ERR-1 [M] answers a malformed message with BAD_REQUEST and a text for people', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.sendRaw(Buffer.concat([Buffer.of(0), truncated]));
    const { error } = await agent.message(1);
    expect(error?.type).toBe('bad-request');
    expect(error?.message.length).toBeGreaterThan(10);
  });

  it('C-ERR-2 [P] answers undecodable bodies with 400 and invalid ones with 200, both with BAD_REQUEST', async () => {
    const harness = await startServer();
    const undecodable = await poll(harness, truncated);
    expect([undecodable.status, undecodable.message?.error?.type]).toEqual([400, 'bad-request']);
    const invalid = await poll(harness, encodeAgentToServer({ uid: Buffer.from('short') }));
    expect([invalid.status, invalid.message?.error?.type]).toEqual([200, 'bad-request']);
    const header = { 'opamp-instance-uid': uidB };
    const mismatch = await poll(harness, { uid: uidA }, header);
    expect([mismatch.status, mismatch.message?.error?.type]).toEqual([200, 'bad-request']);
    expect(harness.reports).toHaveLength(0);
    expect((await poll(harness, { uid: uidB }, header)).message?.error).toBeUndefined();
  });

  it('C-ERR-3 [I] keeps the connection after BAD_REQUEST, and closes it 1008 when it goes on', async () => {
    const harness = await startServer({ maxMalformed: 5 });
    const agent = await connectAgent(harness);
    for (let count = 0; count < 4; count += 1) agent.sendRaw(truncated);
    await agent.message(4);
    agent.send({ uid: uidA, capabilities: managed });
    expect(await agent.message(5)).toMatchObject({ uid: uidA });
    agent.sendRaw(truncated);
    expect((await agent.closing()).code).toBe(1008);
    for (let count = 0; count < 5; count += 1) expect((await poll(harness, truncated)).status).toBe(400);
    const limited = await poll(harness, truncated);
    expect([limited.status, Number(limited.headers['retry-after'])]).toEqual([429, 45]);
    expect((await poll(harness, { uid: uidB })).status).toBe(200);
  });

  it('C-THR-1 [S] carries UNAVAILABLE with its delay, and refuses upgrades for load with 503 and Retry-After', async () => {
    const harness = await startServer({ maxConnections: 1 });
    const agent = await connectAgent(harness);
    const error = { type: 'unavailable', message: 'later', retryAfterMs: 45_000 } as const;
    harness.reply = () => ({ reportFullState: false, offer: renderedConfig('a'), error });
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).error).toEqual(error);
    const refused = await refusedUpgrade(harness);
    expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([503, 45]);
    expect(harness.callers).toHaveLength(1);
  });

  it('C-THR-1 [S] tells a caller that the handler turns away for a time when to come back', async () => {
    const harness = await startServer();
    harness.admit = () => ({ kind: 'rejected', status: 503, reason: 'no snapshot', retryAfterSeconds: 33 });
    expect((await refusedUpgrade(harness)).headers['retry-after']).toBe('33');
    harness.admit = () => ({ kind: 'rejected', status: 429, reason: 'too many failed attempts' });
    expect((await refusedUpgrade(harness)).headers['retry-after']).toBe('45');
    harness.admit = () => {
      throw new Error('the store is gone');
    };
    const answer = await poll(harness, { uid: uidA });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '45']);
    expect(answer.body.toString()).not.toContain('store');
  });

  it('C-AUTH-1 [M] refuses a failed credential with 401 before the upgrade and before the body', async () => {
    const harness = await startServer();
    harness.admit = ({ authorization }) =>
      authorization === 'Bearer right'
        ? { kind: 'accepted', tenant: 'acme', credential: 'edge', scope: 'full' }
        : { kind: 'rejected', status: 401, reason: 'unknown credential' };
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const upgrade = await refusedUpgrade(harness, { headers });
      expect([upgrade.status, upgrade.headers['www-authenticate']]).toEqual([401, 'Bearer realm="opamp"']);
      const answer = await poll(harness, { uid: uidA }, headers as Record<string, string>);
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="opamp"']);
    }
    expect(harness.reports).toHaveLength(0);
    const right = { authorization: 'Bearer right' };
    const agent = await connectAgent(harness, { headers: right });
    agent.send({ uid: uidA });
    await agent.message(1);
    expect((await poll(harness, { uid: uidB }, right)).status).toBe(200);
    expect(harness.callers.at(-1)).toMatchObject({
      remoteAddress: '127.0.0.1',
      secure: false,
      path: '/v1/opamp',
    });
  });

  it('C-AUTH-1 [P] refuses browsers, whatever their credential', async () => {
    const harness = await startServer({ allowedOrigins: ['https://tools.acme.example'] });
    const refused = await refusedUpgrade(harness, { origin: 'https://evil.example' });
    expect(refused.status).toBe(403);
    const headers = { 'content-type': 'application/x-protobuf', origin: 'https://evil.example' };
    expect((await send(harness, 'POST', headers, encodeAgentToServer({ uid: uidA }))).status).toBe(403);
    expect(harness.callers).toHaveLength(0);
    await connectAgent(harness, { origin: 'https://tools.acme.example' });
  });
});
