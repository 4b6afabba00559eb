import { describe, expect, test } from 'vitest';
import {
  type CredentialOptions,
  createCredentialIndex,
  createEnrollmentToken,
  hashToken,
} from '../../../src/credentials/index.ts';
import { certificateEntry, tenantsOf, tokenEntry } from './tenants.ts';

const strict = { allowAnonymous: false };
const indexOf = (tenants: ReturnType<typeof tenantsOf>, options: CredentialOptions) =>
  createCredentialIndex(tenants, options, { now: () => 0 });
const remote = { loopback: false };
const local = { loopback: true };

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

describe('a token', () => {
  const index = indexOf(
    tenantsOf({
      acme: { enrollment: [tokenEntry('edge', 'acme-token'), tokenEntry('old-edge', 'acme-old')] },
      globex: { enrollment: [certificateEntry(), tokenEntry('all', 'globex:token')] },
    }),
    strict,
  );

  test.each([
    ['Bearer acme-token', 'acme', 'edge'],
    ['bearer   acme-old ', 'acme', 'old-edge'],
    ['Bearer globex:token', 'globex', 'all'],
    [basic('anyone', 'acme-token'), 'acme', 'edge'],
    [basic('', 'globex:token'), 'globex', 'all'],
  ])('%s belongs to its tenant by the entry that names it', (authorization, tenant, credential) => {
    expect(index.authenticate({ authorization, ...remote })).toEqual({
      kind: 'accepted',
      tenant,
      credential,
      scope: 'full',
    });
  });

  test.each([
    [undefined, /an enrollment token is needed/],
    ['', /holds no bearer token/],
    ['Bearer', /holds no bearer token/],
    ['Bearer ', /holds no bearer token/],
    ['Bearer acme-token extra', /holds no bearer token/],
    ['Bearer ACME-TOKEN', /not known/],
    ['Bearer acme-toke', /not known/],
    [`Bearer ${hashToken('acme-token')}`, /not known/],
    ['Token acme-token', /holds no bearer token/],
    ['acme-token', /holds no bearer token/],
    [basic('acme-token', ''), /holds no bearer token/],
    ['Basic !!!', /holds no bearer token/],
    [`Bearer ${'x'.repeat(9000)}`, /holds no bearer token/],
  ])('%j is refused', (authorization, reason) => {
    expect(index.authenticate({ authorization, ...local })).toEqual({
      kind: 'rejected',
      status: 401,
      reason: expect.stringMatching(reason),
    });
  });

  test('that was cut or mistyped is told from a foreign one', () => {
    const { token } = createEnrollmentToken((size) => new Uint8Array(size).fill(7));
    const refused = index.authenticate({ authorization: `Bearer ${token.slice(0, -1)}`, ...remote });
    expect(refused).toMatchObject({ kind: 'rejected', reason: 'the enrollment token is cut or mistyped' });
  });
});

describe('a token with approve', () => {
  test.each(['auto', 'manual'] as const)('%s is good only for requesting a certificate', (approve) => {
    const index = indexOf(tenantsOf({ acme: { enrollment: [tokenEntry('boot', 'b', approve)] } }), strict);
    expect(index.authenticate({ authorization: 'Bearer b', ...local })).toMatchObject({
      kind: 'accepted',
      credential: 'boot',
      scope: 'enroll',
    });
    expect(index.approvalOf('acme', 'boot')).toBe(approve);
    expect(index.approvalOf('globex', 'boot')).toBeUndefined();
  });
});

test('a hash that two tenants claim admits to neither', () => {
  const index = indexOf(
    tenantsOf({
      acme: { enrollment: [tokenEntry('edge', 'shared'), tokenEntry('own', 'mine')] },
      mallory: { enrollment: [tokenEntry('copied', 'shared')] },
    }),
    strict,
  );
  expect(index.authenticate({ authorization: 'Bearer shared', ...remote })).toMatchObject({
    kind: 'rejected',
  });
  expect(index.authenticate({ authorization: 'Bearer mine', ...remote })).toMatchObject({ tenant: 'acme' });
});

test('a hash may be written in capitals', () => {
  const entry = tokenEntry('edge', 'secret');
  const shouted = entry.kind === 'token' ? { ...entry, tokenSha256: entry.tokenSha256.toUpperCase() } : entry;
  const index = indexOf(tenantsOf({ acme: { enrollment: [shouted] } }), strict);
  expect(index.authenticate({ authorization: 'Bearer secret', ...remote })).toMatchObject({
    kind: 'accepted',
  });
});

describe('agents without a token', () => {
  const one = tenantsOf({ default: {} });
  const anonymous = { kind: 'accepted', tenant: 'default', credential: 'anonymous', scope: 'full' };

  test('on this machine belong to the only tenant', () => {
    const index = indexOf(one, strict);
    expect(index.authenticate({ authorization: undefined, ...local })).toEqual(anonymous);
    expect(index.authenticate({ authorization: 'Bearer anything', ...local })).toEqual(anonymous);
    expect(index.authenticate({ authorization: undefined, ...remote })).toMatchObject({
      kind: 'rejected',
      status: 401,
    });
  });

  test('on other machines need the setting', () => {
    const index = indexOf(one, { allowAnonymous: true });
    expect(index.authenticate({ authorization: undefined, ...remote })).toEqual(anonymous);
  });

  test('are refused where it is not clear whose they are', () => {
    for (const tenants of [tenantsOf({}), tenantsOf({ acme: {}, globex: {} })]) {
      const index = indexOf(tenants, { allowAnonymous: true });
      expect(index.authenticate({ authorization: undefined, ...local })).toMatchObject({ kind: 'rejected' });
    }
  });

  test.each([[[tokenEntry('edge', 'x')]], [[certificateEntry()]]])(
    'are refused as soon as any tenant declares enrollment',
    (enrollment) => {
      const index = indexOf(tenantsOf({ acme: { enrollment } }), { allowAnonymous: true });
      expect(index.authenticate({ authorization: undefined, ...local })).toMatchObject({ kind: 'rejected' });
    },
  );
});

test('a revoked uid is revoked in its tenant only, however it is written', () => {
  const uid = '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20';
  const index = indexOf(tenantsOf({ acme: { revoked: [uid.toUpperCase()] }, globex: {} }), strict);
  expect(index.isRevoked('acme', uid)).toBe(true);
  expect(index.isRevoked('acme', uid.replace('0', '1'))).toBe(false);
  expect(index.isRevoked('globex', uid)).toBe(false);
  expect(index.isRevoked('nobody', uid)).toBe(false);
});

describe('what a session was accepted for', () => {
  function identityOf(enrollment: Parameters<typeof tenantsOf>[0][string]['enrollment'], name = 'edge') {
    return indexOf(tenantsOf({ acme: enrollment ? { enrollment } : {} }), strict).identify({
      tenant: 'acme',
      credential: name,
      scope: 'full',
    });
  }

  test('stays the same while its token does, whatever else changes', () => {
    const before = identityOf([tokenEntry('edge', 'one')]);
    expect(before).toBeDefined();
    expect(identityOf([tokenEntry('new', 'two'), tokenEntry('edge', 'one')])).toBe(before);
  });

  test('changes when its token is replaced under the same name', () => {
    expect(identityOf([tokenEntry('edge', 'two')])).not.toBe(identityOf([tokenEntry('edge', 'one')]));
  });

  test('changes when its token becomes good only for a certificate', () => {
    expect(identityOf([tokenEntry('edge', 'one', 'manual')])).not.toBe(
      identityOf([tokenEntry('edge', 'one')]),
    );
  });

  test('is nothing once the entry is gone or admits nobody', () => {
    expect(identityOf([tokenEntry('other', 'one')])).toBeUndefined();
    const disputed = tenantsOf({
      acme: { enrollment: [tokenEntry('edge', 'one')] },
      mallory: { enrollment: [tokenEntry('edge', 'one')] },
    });
    expect(
      indexOf(disputed, strict).identify({ tenant: 'acme', credential: 'edge', scope: 'full' }),
    ).toBeUndefined();
  });

  test('is anonymous only while the tenant is alone and declares no enrollment', () => {
    expect(identityOf([], 'anonymous')).toBe('anonymous');
    expect(identityOf([tokenEntry('edge', 'one')], 'anonymous')).toBeUndefined();
    const two = indexOf(tenantsOf({ acme: {}, globex: {} }), strict);
    expect(two.identify({ tenant: 'acme', credential: 'anonymous', scope: 'full' })).toBeUndefined();
  });
});
