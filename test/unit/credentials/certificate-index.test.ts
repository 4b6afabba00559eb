import { describe, expect, test } from 'vitest';
import {
  createCredentialIndex,
  type PresentedCertificate,
  type ProvenIdentity,
} from '../../../src/credentials/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import { uidOf } from '../../support/agents.ts';
import { makeAuthority, makeForeignAuthority, presentCertificate } from '../../support/certificates.ts';
import { certificateEntry, grant, tenantsOf, tokenEntry } from './tenants.ts';

const day = 86_400_000;
const clock = createManualClock();
const uid = uidOf(1);
const authority = await makeAuthority(clock);
const [ownIssuer] = authority.issuers;
const foreign = await makeForeignAuthority('Acme gateways', clock.now());
const gateway = presentCertificate((await foreign.sign('a.gw.acme.example')).certPem, foreign.certPem);
const issued = await authority.issueWithKey({
  tenant: 'acme',
  uid,
  entry: 'bootstrap',
  lifetimeMs: 30 * day,
  now: clock.now(),
});
const own = presentCertificate(issued.certPem, ownIssuer?.certPem ?? '');

function indexOf(tenants: Parameters<typeof tenantsOf>[0], now = clock.now()) {
  return createCredentialIndex(tenantsOf(tenants), { allowAnonymous: false }, { now: () => now, authority });
}

function judge(
  tenants: Parameters<typeof tenantsOf>[0],
  clientCertificate: PresentedCertificate,
  { authorization, now }: { authorization?: string; now?: number } = {},
) {
  return indexOf(tenants, now).authenticate({ authorization, loopback: false, clientCertificate });
}

const entry = certificateEntry(foreign.sha256, '*.gw.acme.example');
const bootstrap = tokenEntry('bootstrap', 'boot', 'manual');

describe('a certificate of a foreign issuer', () => {
  test('belongs to the tenant whose entry names issuer and common name', () => {
    expect(judge({ acme: { enrollment: [entry] }, globex: {} }, gateway)).toEqual({
      kind: 'accepted',
      tenant: 'acme',
      credential: 'gateways',
      scope: 'full',
      fingerprint: gateway.fingerprint,
    });
  });

  test.each([
    ['another issuer', certificateEntry('ab'.repeat(32))],
    ['another common name', certificateEntry(foreign.sha256, '*.gw.globex.example')],
    ['a pattern that is none', certificateEntry(foreign.sha256, '[')],
  ])('is refused where the entry has %s', (_, other) => {
    expect(judge({ acme: { enrollment: [other] } }, gateway)).toMatchObject({
      status: 401,
      reason: 'no enrollment names the certificate’s issuer and common name',
    });
  });

  test('belongs to nobody where two tenants claim it', () => {
    const wide = certificateEntry(foreign.sha256, '*');
    expect(judge({ acme: { enrollment: [entry] }, mallory: { enrollment: [wide] } }, gateway)).toMatchObject({
      kind: 'rejected',
      status: 403,
    });
  });

  test('is refused before and after its time', () => {
    const tenants = { acme: { enrollment: [entry] } };
    expect(judge(tenants, gateway, { now: clock.now() - 2 * day })).toMatchObject({
      reason: 'the certificate is not valid yet',
    });
    expect(judge(tenants, gateway, { now: clock.now() + 366 * day })).toMatchObject({
      reason: 'the certificate has expired',
    });
  });

  test('is refused once its tenant revokes its fingerprint, however it is written', () => {
    const { fingerprint } = gateway;
    const colons = fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:');
    for (const revoked of [fingerprint, colons]) {
      expect(judge({ acme: { enrollment: [entry], revoked: [revoked] } }, gateway)).toMatchObject({
        status: 401,
        reason: 'the certificate is revoked',
      });
    }
    expect(
      judge({ acme: { enrollment: [entry] }, mallory: { revoked: [fingerprint] } }, gateway),
    ).toMatchObject({ kind: 'accepted' });
  });

  test('of two authorities that stand side by side is told by its issuer', async () => {
    const next = await makeForeignAuthority('Acme gateways', clock.now());
    const renewed = presentCertificate((await next.sign('a.gw.acme.example')).certPem, next.certPem);
    const both = [entry, { ...entry, name: 'next', issuerSha256: next.sha256 }];
    expect(judge({ acme: { enrollment: both } }, gateway)).toMatchObject({ credential: 'gateways' });
    expect(judge({ acme: { enrollment: both } }, renewed)).toMatchObject({ credential: 'next' });
  });
});

describe('an issuer counts', () => {
  const file = 'tenants/acme/tenant.yaml';
  const granted = grant({ certificateIssuers: [foreign.sha256.toUpperCase()] });
  const nothing = grant({});
  test.each([
    ['where the fleet grants it', [granted], 'accepted'],
    ['where every policy grants it', [granted, granted], 'accepted'],
    ['not where no policy grants it', [], 'rejected'],
    ['not where a policy is silent', [nothing], 'rejected'],
    ['not where only the tenant itself grants it', [nothing, granted], 'rejected'],
  ])('%s', (_, policies, kind) => {
    expect(judge({ acme: { file, enrollment: [entry], policies } }, gateway)).toMatchObject({ kind });
  });

  test('without a grant where the whole repo is one tenant’s', () => {
    expect(judge({ default: { file: 'tenant.yaml', enrollment: [entry] } }, gateway)).toMatchObject({
      kind: 'accepted',
    });
  });
});

describe('a certificate that we issued', () => {
  const tenants = { acme: { enrollment: [bootstrap] }, globex: { enrollment: [tokenEntry('edge', 'g')] } };

  test('is good for its uid in its tenant while the entry stands under which it was issued', () => {
    expect(judge(tenants, own)).toEqual({
      kind: 'accepted',
      tenant: 'acme',
      credential: 'bootstrap',
      scope: 'full',
      boundUid: uid,
      fingerprint: issued.fingerprint,
    });
    expect(judge({ ...tenants, acme: { enrollment: [tokenEntry('other', 'boot')] } }, own)).toMatchObject({
      status: 401,
      reason: expect.stringContaining('is gone'),
    });
  });

  test('cannot be claimed by another tenant’s entry for our authority', () => {
    const wide = certificateEntry(ownIssuer?.sha256, '*');
    expect(judge({ ...tenants, mallory: { enrollment: [wide] } }, own)).toMatchObject({ tenant: 'acme' });
    expect(judge({ mallory: { enrollment: [wide] } }, own)).toMatchObject({ kind: 'rejected' });
  });

  test('is not believed for its names: a foreign authority’s copy of them is a foreign certificate', async () => {
    const names = [`urn:muster:agent:acme:${uid}`, 'urn:muster:entry:bootstrap'];
    const { certPem } = await foreign.sign(uid, names);
    const copy = presentCertificate(certPem, foreign.certPem);
    expect(judge(tenants, copy)).toMatchObject({ kind: 'rejected' });
    const pretended = { ...copy, issuerSha256: ownIssuer?.sha256 ?? '' };
    const wide = certificateEntry(ownIssuer?.sha256, '*');
    expect(judge({ acme: { enrollment: [wide] } }, pretended)).toMatchObject({ kind: 'rejected' });
  });

  test.each([
    ['uid', uid],
    ['fingerprint', issued.fingerprint],
  ])('is refused once its tenant revokes the %s', (_, revoked) => {
    expect(judge({ acme: { enrollment: [bootstrap], revoked: [revoked] } }, own)).toMatchObject({
      status: 401,
      reason: 'the certificate is revoked',
    });
  });

  test('that has expired leaves the way by token open', () => {
    const now = clock.now() + 31 * day;
    expect(judge(tenants, own, { now })).toMatchObject({ reason: 'the certificate has expired' });
    expect(judge(tenants, own, { now, authorization: 'Bearer boot' })).toMatchObject({ scope: 'enroll' });
  });
});

test('a certificate goes before a token', () => {
  const tenants = { acme: { enrollment: [entry, tokenEntry('edge', 't')] } };
  expect(judge(tenants, gateway, { authorization: 'Bearer t' })).toMatchObject({ credential: 'gateways' });
  expect(judge(tenants, gateway, { authorization: 'Bearer wrong' })).toMatchObject({ kind: 'accepted' });
});

describe('a session that a certificate opened', () => {
  const session: ProvenIdentity = {
    tenant: 'acme',
    credential: 'bootstrap',
    scope: 'full',
    boundUid: uid,
    fingerprint: issued.fingerprint,
  };
  const proofOf = (acme: Parameters<typeof tenantsOf>[0][string]) => indexOf({ acme }).identify(session);

  test('stands when the token under which it was issued is replaced', () => {
    const replaced = tokenEntry('bootstrap', 'new', 'manual');
    expect(proofOf({ enrollment: [replaced] })).toBe(proofOf({ enrollment: [bootstrap] }));
    expect(proofOf({ enrollment: [bootstrap] })).toBeDefined();
  });

  test.each([
    ['the entry goes', { enrollment: [tokenEntry('edge', 'boot')] }],
    ['the uid is revoked', { enrollment: [bootstrap], revoked: [uid] }],
    ['the fingerprint is revoked', { enrollment: [bootstrap], revoked: [issued.fingerprint] }],
  ])('is void when %s', (_, acme) => {
    expect(proofOf(acme)).toBeUndefined();
  });

  test('of a foreign issuer is void when its entry changes or its fingerprint is revoked', () => {
    const { fingerprint } = gateway;
    const other = { tenant: 'acme', credential: 'gateways', scope: 'full', fingerprint } as const;
    const proof = indexOf({ acme: { enrollment: [entry] } }).identify(other);
    expect(proof).toBeDefined();
    const narrowed = certificateEntry(foreign.sha256, 'b.gw.acme.example');
    expect(indexOf({ acme: { enrollment: [narrowed] } }).identify(other)).not.toBe(proof);
    expect(
      indexOf({ acme: { enrollment: [entry], revoked: [fingerprint] } }).identify(other),
    ).toBeUndefined();
  });
});
