import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createJwtVerifier } from '../../../../src/credentials/index.ts';
import { MusterError } from '../../../../src/model/index.ts';
import { createManualClock, createSilentLogger } from '../../../../src/runtime/index.ts';

const issuer = 'https://issuer.example';
const minute = 60_000;

async function makeKey(kid: string, alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

const first = await makeKey('first');
const second = await makeKey('second');
type Key = typeof first;

/** A verifier whose issuer lists `keys` at the moment, or is down. */
function issuerWith(...keys: readonly JWK[]) {
  const clock = createManualClock();
  const state: { keys: readonly JWK[]; down: boolean; asked: number } = { keys, down: false, asked: 0 };
  const verifier = createJwtVerifier({
    clock,
    logger: createSilentLogger(),
    async keySource() {
      state.asked += 1;
      if (state.down) throw new MusterError('JWT_KEYS_UNAVAILABLE', 'down', { disposition: 'transient' });
      return { keys: state.keys };
    },
  });
  const sign = (key: Key, claims: Readonly<Record<string, unknown>> = {}) => {
    const now = clock.now() / 1000;
    return new SignJWT({ iss: issuer, aud: 'muster', exp: now + 86_400, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid })
      .sign(key.privateKey);
  };
  return { clock, state, sign, verify: async (token: string) => verifier.verify(token, issuer) };
}

describe('a token', () => {
  test('that its issuer signed and that is valid now gives its claims', async () => {
    const { verify, sign } = issuerWith(first.jwk);
    expect(await verify(await sign(first, { sub: 'agent' }))).toMatchObject({
      kind: 'valid',
      claims: { iss: issuer, aud: 'muster', sub: 'agent' },
    });
  });

  const hour = 3600;
  const at = createManualClock().now() / 1000;
  test.each([
    ['has expired', { exp: at - 61 }, 'the token has expired'],
    ['is not valid yet', { nbf: at + 61 }, 'the token is not valid now, or lacks iss or exp'],
    ['was issued in the future', { iat: at + 61 }, 'the token was issued in the future'],
    ['never expires', { exp: undefined }, 'the token is not valid now, or lacks iss or exp'],
    [
      'is another issuer’s',
      { iss: 'https://evil.example' },
      'the token is not valid now, or lacks iss or exp',
    ],
  ])('that %s is refused', async (_, claims, reason) => {
    const { verify, sign } = issuerWith(first.jwk);
    expect(await verify(await sign(first, claims))).toEqual({ kind: 'invalid', reason });
  });

  test.each([
    ['expired', { exp: at - 59 }],
    ['is valid', { nbf: at + 59, exp: at + hour }],
    ['was issued', { iat: at + 59 }],
  ])('that %s within a minute of now passes', async (_, claims) => {
    const { verify, sign } = issuerWith(first.jwk);
    expect(await verify(await sign(first, claims))).toMatchObject({ kind: 'valid' });
  });

  test('signed with another key of the same name is refused', async () => {
    const { verify, sign } = issuerWith({ ...second.jwk, kid: 'first' });
    expect(await verify(await sign(first))).toEqual({
      kind: 'invalid',
      reason: 'the token’s signature is wrong',
    });
  });

  test('that is signed with a shared secret, or not at all, is refused unasked', async () => {
    const { verify, state } = issuerWith(first.jwk);
    const claims = { iss: issuer, aud: 'muster', exp: at + hour };
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(new TextEncoder().encode(JSON.stringify(first.jwk)));
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const token of [symmetric, `${part({ alg: 'none' })}.${part(claims)}.`]) {
      expect(await verify(token)).toMatchObject({ kind: 'invalid' });
    }
    expect(state.asked).toBe(0);
  });

  test.each(['RS256', 'PS512', 'ES384', 'EdDSA'])('signed with %s is known', async (alg) => {
    const key = await makeKey('k', alg);
    const { verify, sign } = issuerWith(key.jwk);
    expect(await verify(await sign(key))).toMatchObject({ kind: 'valid' });
  });
});

describe('the keys of an issuer', () => {
  test('are asked for once, however many tokens come at once, and again after ten minutes', async () => {
    const { verify, sign, state, clock } = issuerWith(first.jwk);
    const token = await sign(first);
    await Promise.all(Array.from({ length: 50 }, () => verify(token)));
    clock.advance(9 * minute);
    await verify(token);
    expect(state.asked).toBe(1);
    clock.advance(minute);
    await verify(token);
    expect(state.asked).toBe(2);
  });

  test('that are new are found, asking at most every 30 seconds', async () => {
    const { verify, sign, state, clock } = issuerWith(first.jwk);
    await verify(await sign(first));
    const token = await sign(second);
    state.keys = [first.jwk, second.jwk];
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(await verify(token)).toMatchObject({
        reason: 'the token is signed with a key that its issuer does not list',
      });
    }
    expect(state.asked).toBe(1);
    clock.advance(30_000);
    expect(await verify(token)).toMatchObject({ kind: 'valid' });
    expect(state.asked).toBe(2);
  });

  test('that are withdrawn are forgotten within ten minutes', async () => {
    const { verify, sign, state, clock } = issuerWith(first.jwk);
    const token = await sign(first);
    await verify(token);
    state.keys = [second.jwk];
    clock.advance(10 * minute);
    expect(await verify(token)).toMatchObject({ kind: 'invalid' });
  });

  test('are used for an hour while the issuer is down, and then nobody is refused for good', async () => {
    const { verify, sign, state, clock } = issuerWith(first.jwk);
    const token = await sign(first);
    await verify(token);
    state.down = true;
    clock.advance(59 * minute);
    expect(await verify(token)).toMatchObject({ kind: 'valid' });
    clock.advance(minute);
    expect(await verify(token)).toMatchObject({ kind: 'unavailable' });
    state.down = false;
    clock.advance(30_000);
    expect(await verify(token)).toMatchObject({ kind: 'valid' });
  });

  test('are not asked for in a storm while the issuer is down', async () => {
    const { verify, sign, state } = issuerWith();
    state.down = true;
    const token = await sign(first);
    for (let attempt = 0; attempt < 50; attempt++) {
      expect(await verify(token)).toMatchObject({ kind: 'unavailable' });
    }
    expect(state.asked).toBe(1);
  });

  test.each([
    ['none', { keys: [] }],
    ['too many', { keys: Array.from({ length: 101 }, () => first.jwk) }],
    ['no list', { keys: 'x' }],
    ['nothing', null],
    ['no objects', { keys: [1] }],
  ])('that are %s count as not to be had', async (_, keySet) => {
    const verifier = createJwtVerifier({
      clock: createManualClock(),
      logger: createSilentLogger(),
      keySource: async () => keySet,
    });
    const token = await issuerWith().sign(first);
    expect(await verifier.verify(token, issuer)).toMatchObject({ kind: 'unavailable' });
  });

  test('are kept of a hundred issuers at most', async () => {
    let asked = 0;
    const verifier = createJwtVerifier({
      clock: createManualClock(),
      logger: createSilentLogger(),
      async keySource() {
        asked += 1;
        return { keys: [first.jwk] };
      },
    });
    const token = await issuerWith().sign(first);
    for (let number = 0; number < 101; number++) await verifier.verify(token, `https://${number}.example`);
    await verifier.verify(token, 'https://100.example');
    expect(asked).toBe(101);
    await verifier.verify(token, 'https://0.example');
    expect(asked).toBe(102);
  });
});
