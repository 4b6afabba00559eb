import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type EnrollmentRequest,
  type IssuedRecord,
  openEnrollmentDesk,
  type PendingEnrollment,
} from '../../../src/credentials/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import { uidOf } from '../../support/agents.ts';
import { makeAuthority, makeCsr } from '../../support/certificates.ts';

const hour = 3_600_000;
const { csr } = await makeCsr();
const { csr: otherCsr } = await makeCsr();
const uid = uidOf(1);
const hashOf = (request: Uint8Array) => createHash('sha256').update(request).digest('hex');
const operator = { actor: 'operator 12345678', reason: 'known host' };

async function deskOf(approvals: Readonly<Record<string, 'auto' | 'manual'>> = {}) {
  const clock = createManualClock();
  const authority = await makeAuthority(clock);
  const stored = new Map<string, PendingEnrollment>();
  const issued = new Map<string, IssuedRecord>();
  const open = () =>
    openEnrollmentDesk({
      authority,
      clock,
      approvalOf: (tenant, credential) => approvals[`${tenant}/${credential}`],
      pendingStore: {
        load: async () => [...stored.values()],
        put: (pending) => void stored.set(`${pending.tenant}/${pending.uid}`, pending),
        remove: (tenant, one) => void stored.delete(`${tenant}/${one}`),
      },
      issuedLog: {
        load: async () => [...issued.values()],
        record: (record) => void issued.set(`${record.tenant}/${record.uid}`, record),
        remove: (tenant, one) => void issued.delete(`${tenant}/${one}`),
      },
    });
  return { clock, authority, stored, issued, open, desk: await open() };
}

function asked(over: Partial<EnrollmentRequest> = {}): EnrollmentRequest {
  return { tenant: 'acme', uid, credential: 'bootstrap', scope: 'enroll', csrPem: csr, ...over };
}

describe('a full credential', () => {
  test('gets a certificate at once, for as long as a Connection says', async () => {
    const { desk, clock, issued } = await deskOf();
    const decision = await desk.request(asked({ scope: 'full', credential: 'edge', lifetimeMs: 48 * hour }));
    expect(decision).toMatchObject({
      kind: 'issued',
      certificate: { tenant: 'acme', uid, entry: 'edge', notAfter: clock.now() + 48 * hour },
    });
    expect([...issued.values()]).toMatchObject([{ tenant: 'acme', uid, entry: 'edge' }]);
  });

  test('gets none where no Connection offers one', async () => {
    const { desk } = await deskOf();
    expect(await desk.request(asked({ scope: 'full' }))).toMatchObject({
      kind: 'refused',
      code: 'CSR_NOT_GRANTED',
    });
  });

  test('that is a certificate of this authority is followed by the next without one', async () => {
    const { desk, clock } = await deskOf();
    expect(await desk.request(asked({ scope: 'full', renews: true }))).toMatchObject({
      certificate: { notAfter: clock.now() + 30 * 24 * hour },
    });
  });
});

describe('a bootstrap token with approve: auto', () => {
  const approvals = { 'acme/bootstrap': 'auto' } as const;

  test('gets a certificate for 30 days at once', async () => {
    const { desk, clock } = await deskOf(approvals);
    expect(await desk.request(asked())).toMatchObject({
      kind: 'issued',
      certificate: { notAfter: clock.now() + 30 * 24 * hour },
    });
  });

  test('does not take over an agent that holds a certificate for another key: that waits for an operator', async () => {
    const { desk, clock, open } = await deskOf(approvals);
    await desk.request(asked());
    expect(await desk.request(asked({ csrPem: otherCsr }))).toEqual({ kind: 'pending' });
    const restarted = await open();
    expect(await restarted.request(asked({ csrPem: otherCsr }))).toEqual({ kind: 'pending' });
    expect(await restarted.request(asked())).toMatchObject({ kind: 'issued' });
    clock.advance(31 * 24 * hour);
    expect(await restarted.request(asked({ csrPem: otherCsr }))).toMatchObject({ kind: 'issued' });
  });
});

test('a certificate that the server offered unasked is remembered, without its key, and guards its uid', async () => {
  const { desk, issued } = await deskOf({ 'acme/bootstrap': 'auto' });
  const made = await desk.issueWithKey({ tenant: 'acme', uid, credential: 'edge', lifetimeMs: 48 * hour });
  expect(made).toMatchObject({ entry: 'edge', privateKeyPem: expect.stringContaining('PRIVATE KEY') });
  expect([...issued.values()]).toMatchObject([{ uid, fingerprint: made.fingerprint }]);
  expect(JSON.stringify([...issued.values()])).not.toContain('PRIVATE');
  expect(await desk.request(asked())).toEqual({ kind: 'pending' });
});

test('fifty thousand certificates of a tenant are remembered, and then an operator decides', async () => {
  const { clock, issued, open } = await deskOf({ 'acme/bootstrap': 'auto', 'globex/bootstrap': 'auto' });
  const validity = { notBefore: clock.now(), notAfter: clock.now() + 48 * hour };
  for (let number = 100; number < 50_100; number++) {
    const record = { tenant: 'acme', uid: uidOf(number), entry: 'bootstrap', fingerprint: 'f', ...validity };
    issued.set(`acme/${record.uid}`, record);
  }
  const desk = await open();
  expect(await desk.request(asked())).toEqual({ kind: 'pending' });
  expect(await desk.request(asked({ tenant: 'globex' }))).toMatchObject({ kind: 'issued' });
  expect(await desk.approve({ uid, tenant: 'acme', ...operator })).toMatchObject({ kind: 'issued' });
  expect(issued.has(`acme/${uidOf(100)}`)).toBe(false);
  expect(issued.size).toBe(50_001);
  clock.advance(49 * hour);
  expect(await desk.request(asked({ uid: uidOf(2) }))).toMatchObject({ kind: 'issued' });
  expect(issued.size).toBeLessThan(10);
});

describe('a bootstrap token with approve: manual', () => {
  const approvals = { 'acme/bootstrap': 'manual', 'globex/bootstrap': 'manual' } as const;

  test('waits, over a restart too, until an operator approves', async () => {
    const { desk, open, stored } = await deskOf(approvals);
    expect(await desk.request(asked())).toEqual({ kind: 'pending' });
    const restarted = await open();
    expect(restarted.pending('acme')).toMatchObject([{ uid, credential: 'bootstrap' }]);
    expect(restarted.pending('globex')).toEqual([]);
    const approved = await restarted.approve({ uid, tenant: '*', ...operator });
    expect(approved).toMatchObject({ kind: 'issued', certificate: { tenant: 'acme', uid } });
    expect(restarted.pending('*')).toEqual([]);
    expect([...stored.values()]).toMatchObject([{ approvedBy: operator }]);
  });

  test('gets the same request issued again after its approval, for a day', async () => {
    const { desk, clock, open } = await deskOf(approvals);
    await desk.request(asked());
    await desk.approve({ uid, tenant: 'acme', ...operator });
    const restarted = await open();
    expect(await restarted.request(asked())).toMatchObject({ kind: 'issued' });
    expect(await restarted.request(asked({ csrPem: otherCsr }))).toEqual({ kind: 'pending' });
    await restarted.approve({ uid, tenant: 'acme', ...operator });
    clock.advance(24 * hour);
    expect(await restarted.request(asked({ csrPem: otherCsr }))).toEqual({ kind: 'pending' });
  });

  test('signs the key that was looked at: one that took the place of another must be named', async () => {
    const { desk, authority } = await deskOf(approvals);
    await desk.request(asked());
    await desk.request(asked({ csrPem: otherCsr }));
    expect(desk.pending('acme')).toHaveLength(1);
    const seen = { uid, tenant: 'acme', ...operator };
    expect(await desk.approve(seen)).toMatchObject({ kind: 'changed' });
    expect(await desk.approve({ ...seen, csrSha256: hashOf(csr) })).toMatchObject({ kind: 'changed' });
    expect(await desk.approve({ ...seen, csrSha256: '' })).toMatchObject({ kind: 'changed' });
    expect(desk.pending('acme')).toHaveLength(1);
    const approved = await desk.approve({ ...seen, csrSha256: hashOf(otherCsr).slice(0, 16).toUpperCase() });
    const direct = await authority.issue(otherCsr, {
      tenant: 'acme',
      uid,
      entry: 'bootstrap',
      lifetimeMs: hour,
      now: 0,
    });
    if (approved.kind !== 'issued' || direct.kind !== 'issued') throw new Error('not issued');
    const keyOf = (pem: string) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' });
    expect(keyOf(approved.certificate.certPem)).toBe(keyOf(direct.certificate.certPem));
  });

  test('is refused at once what nobody could approve', async () => {
    const { desk } = await deskOf(approvals);
    expect(await desk.request(asked({ csrPem: Buffer.from('x') }))).toMatchObject({ code: 'CSR_INVALID' });
    expect(desk.pending('*')).toEqual([]);
  });

  test('is forgotten after a day', async () => {
    const { desk, clock, stored } = await deskOf(approvals);
    await desk.request(asked());
    clock.advance(24 * hour);
    expect(desk.pending('acme')).toEqual([]);
    expect(stored.size).toBe(0);
    expect(await desk.approve({ uid, tenant: '*', ...operator })).toMatchObject({ kind: 'unknown' });
  });

  test('fills no more than its five hundred of the tenant’s thousand places', async () => {
    const { desk } = await deskOf({ ...approvals, 'acme/second': 'manual', 'acme/third': 'manual' });
    const ask = (number: number, credential: string) =>
      desk.request(asked({ uid: uidOf(number), credential }));
    for (let number = 0; number < 500; number++)
      expect(await ask(number, 'bootstrap')).toEqual({ kind: 'pending' });
    expect(await ask(500, 'bootstrap')).toMatchObject({ code: 'CSR_TOO_MANY' });
    for (let number = 500; number < 1_000; number++)
      expect(await ask(number, 'second')).toEqual({ kind: 'pending' });
    expect(await ask(1_000, 'third')).toMatchObject({ code: 'CSR_TOO_MANY' });
    expect(await desk.request(asked({ uid: uidOf(1_000), tenant: 'globex' }))).toEqual({ kind: 'pending' });
    expect(await desk.request(asked({ uid: uidOf(5), csrPem: otherCsr }))).toEqual({ kind: 'pending' });
  });

  test('is approved in the operator’s tenants only, and never by guess', async () => {
    const { desk } = await deskOf(approvals);
    await desk.request(asked());
    await desk.request(asked({ tenant: 'globex' }));
    expect(await desk.approve({ uid: uidOf(2), tenant: '*', ...operator })).toMatchObject({
      kind: 'unknown',
    });
    expect(await desk.approve({ uid, tenant: 'initech', ...operator })).toMatchObject({ kind: 'unknown' });
    expect(await desk.approve({ uid, tenant: '*', ...operator })).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('name the tenant'),
    });
    expect(await desk.approve({ uid, tenant: 'globex', ...operator })).toMatchObject({
      certificate: { tenant: 'globex' },
    });
  });
});
