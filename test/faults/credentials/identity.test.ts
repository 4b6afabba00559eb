import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAgentGate, createJwtVerifier } from '../../../src/credentials/index.ts';
import { MusterError } from '../../../src/model/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { refusedUpgrade, send, startServer } from '../../conformance/opamp-server/harness.ts';
import { jwtEntry, tenantsOf, tokenEntry } from '../../unit/credentials/tenants.ts';

const issuer = 'https://issuer.example';
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let jwk: object;
beforeAll(async () => {
  keys = await generateKeyPair('ES256');
  jwk = { ...(await exportJWK(keys.publicKey)), alg: 'ES256' };
});

async function startGuarded() {
  const clock = createManualClock();
  const state = { down: false, asked: 0 };
  const jwt = createJwtVerifier({
    clock,
    logger: createSilentLogger(),
    async keySource() {
      state.asked += 1;
      if (state.down) throw new MusterError('JWT_KEYS_UNAVAILABLE', 'down', { disposition: 'transient' });
      return { keys: [jwk] };
    },
  });
  const gate = createAgentGate({ clock, random: () => 0.5, jwt }, { allowAnonymous: false });
  const enrollment = [tokenEntry('edge', 'right'), jwtEntry(issuer, { sub: 'acme-*' })];
  gate.replace(tenantsOf({ acme: { enrollment } }));
  const harness = await startServer();
  harness.admit = (request) => gate.admit(request);
  const sign = (claims: Readonly<Record<string, unknown>> = {}) =>
    new SignJWT({ iss: issuer, aud: 'muster', sub: 'acme-1', exp: clock.now() / 1000 + 600, ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(keys.privateKey);
  const post = (token: string, path = '', method = 'POST') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-protobuf' };
    return send({ url: harness.url + path }, method, headers, new Uint8Array(2));
  };
  const upgrade = (token: string) =>
    refusedUpgrade(harness, { headers: { authorization: `Bearer ${token}` } });
  return { clock, state, harness, sign, post, upgrade };
}

describe('identity', () => {
  it('11 an expired, foreign, cut or unsigned token gets 401 or 403 before the upgrade, and no reason tells its content', async () => {
    const { sign, post, upgrade, harness, clock } = await startGuarded();
    const good = await sign();
    const bad: [string, number][] = [
      [await sign({ exp: clock.now() / 1000 - 61 }), 401],
      [good.slice(0, -3), 401],
      [`${good.split('.').slice(0, 2).join('.')}.`, 401],
      [good.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')), 401],
      [await sign({ iss: 'https://evil.example' }), 401],
      [await sign({ sub: 'globex-1' }), 403],
      [await sign({ aud: 'other' }), 403],
      ['wrong', 401],
    ];
    for (const [token, status] of bad) {
      expect(await upgrade(token)).toMatchObject({ status });
      const answer = await post(token);
      expect(answer.status).toBe(status);
      expect(answer.body.toString()).not.toMatch(/globex|evil|acme/);
    }
    expect(harness.reports).toEqual([]);
  });

  it('11 failures are limited by address on every transport, and the right token still passes', async () => {
    const { post, upgrade, sign } = await startGuarded();
    for (let failure = 0; failure < 60; failure++) expect((await post('wrong')).status).toBe(401);
    expect((await post('wrong')).headers['retry-after']).toBe('1');
    expect(await upgrade('wrong')).toMatchObject({ status: 429 });
    expect(await upgrade(await sign({ sub: 'globex-1' }))).toMatchObject({ status: 429 });
    expect((await post('right')).status).not.toBe(429);
    expect((await post(await sign())).status).not.toBe(429);
  });

  it('11 while an issuer’s keys cannot be had its agents are told to come back, and others are served', async () => {
    const { state, post, upgrade, sign } = await startGuarded();
    state.down = true;
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(await upgrade(await sign())).toMatchObject({
        status: 503,
        headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
      });
    }
    expect(state.asked).toBe(1);
    expect([200, 400]).toContain((await post('right')).status);
  });

  it('12 the gate is the same for every path and method: nothing is served without a credential', async () => {
    const { post, harness } = await startGuarded();
    for (const path of ['', '/', '?x=1', '/../opamp', '/%2e%2e/opamp', '//'])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { status } = await post('wrong', path, method);
        expect([400, 401, 404, 405, 426, 429], `${method} ${path}`).toContain(status);
      }
    expect(harness.reports).toEqual([]);
  });
});
