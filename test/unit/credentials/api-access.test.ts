import { describe, expect, test } from 'vitest';
import { type ApiCaller, createApiAccess } from '../../../src/credentials/index.ts';

const local: ApiCaller = {
  authorization: undefined,
  peerLoopback: true,
  host: '127.0.0.1:8080',
  origin: undefined,
  forwarded: false,
};

describe('without tokens', () => {
  const access = createApiAccess('');

  test.each([
    [{}],
    [{ host: 'localhost' }],
    [{ host: 'LOCALHOST:8080' }],
    [{ host: '[::1]:8080' }],
    [{ host: 'localhost:8080', origin: 'http://localhost:8080' }],
    [{ authorization: 'Bearer whatever' }],
  ])('a program on this machine may do everything: %j', (facts) => {
    expect(access.authorize({ ...local, ...facts })).toEqual({
      kind: 'granted',
      grant: { role: 'operator', tenant: '*', name: 'this computer' },
    });
  });

  test.each([
    ['a remote peer', { peerLoopback: false }],
    ['a proxy on this machine', { forwarded: true }],
    ['a name that was rebound to this machine', { host: 'evil.example:8080' }],
    ['a name that only starts like this machine', { host: 'localhost.evil.example' }],
    ['an address that is not quite loopback', { host: '127.0.0.1.evil.example' }],
    ['no host', { host: undefined }],
    ['a port that is none', { host: 'localhost:8080x' }],
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['a site without a name', { origin: 'null' }],
    ['an origin that hides a host', { origin: 'http://evil.example/127.0.0.1:8080' }],
  ])('%s is refused', (_, facts) => {
    expect(access.authorize({ ...local, ...facts })).toMatchObject({ kind: 'refused', status: 403 });
  });
});

describe('with tokens', () => {
  const access = createApiAccess(' viewer:acme:see-acme , operator:*:do:all,');
  const remote: ApiCaller = { ...local, peerLoopback: false, host: 'muster.example', forwarded: true };

  test('a token grants its role in its tenant, to whom it may concern', () => {
    expect(access.authorize({ ...remote, authorization: 'Bearer see-acme' })).toEqual({
      kind: 'granted',
      grant: { role: 'viewer', tenant: 'acme', name: expect.stringMatching(/^viewer [0-9a-f]{8}$/) },
    });
    expect(access.authorize({ ...remote, authorization: 'bearer do:all' })).toMatchObject({
      grant: { role: 'operator', tenant: '*' },
    });
  });

  test.each([
    [undefined],
    ['Bearer see-acm'],
    ['Bearer viewer:acme:see-acme'],
    ['Bearer'],
    [`Basic ${Buffer.from('x:see-acme').toString('base64')}`],
  ])('%j is refused, on this machine too', (authorization) => {
    expect(access.authorize({ ...local, authorization })).toMatchObject({ kind: 'refused', status: 401 });
  });
});

test('a header too long to be a token is not even hashed', () => {
  const token = 'x'.repeat(9000);
  const authorization = `Bearer ${token}`;
  const judged = createApiAccess(`viewer:*:${token}`).authorize({ ...local, authorization });
  expect(judged).toMatchObject({ kind: 'refused', status: 401 });
});

describe('a setting that cannot be read names the entry and not the token', () => {
  test.each([
    ['admin:acme:hunter2', /entry 1 does not start with viewer: or operator:/],
    ['viewer:acme:ok,hunter2', /entry 2 does not start/],
    ['viewer:Acme:hunter2', /entry 1 names no tenant/],
    ['viewer:hunter2', /entry 1 names no tenant|entry 1 has no token/],
    ['viewer:acme:', /entry 1 has no token/],
    ['viewer:acme:hunter2 hunter2', /entry 1 has no token, or one with spaces/],
    ['viewer:acme:hunter2,operator:*:hunter2', /listed twice, again as number 2/],
  ])('%s', (setting, message) => {
    const read = (): unknown => createApiAccess(setting);
    expect(read).toThrow(expect.objectContaining({ code: 'API_TOKENS_INVALID', disposition: 'stalled' }));
    expect(read).toThrow(message);
    expect(read).not.toThrow(/hunter2/);
  });
});
