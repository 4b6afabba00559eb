import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type AuthoritySource,
  type CertificateOrder,
  openCertificateAuthority,
} from '../../../../src/credentials/index.ts';
import { createManualClock } from '../../../../src/runtime/index.ts';
import { uidOf } from '../../../support/agents.ts';
import {
  ec,
  ed25519,
  makeAuthority,
  makeCsr,
  makeForeignAuthority,
  makeKeys,
  rsa,
} from '../../../support/certificates.ts';
import { makeTemporaryDir } from '../../../support/git-repo.ts';

const day = 86_400_000;
const clock = createManualClock();
const folder = makeTemporaryDir();
afterAll(() => folder.remove());

const uid = uidOf(1);
const order: CertificateOrder = {
  tenant: 'acme',
  uid,
  entry: 'bootstrap',
  lifetimeMs: 30 * day,
  now: clock.now(),
};
const open = (source: AuthoritySource, passphrase?: string, previousFiles?: readonly string[]) =>
  openCertificateAuthority(
    { source, ...(passphrase !== undefined && { passphrase }), ...(previousFiles && { previousFiles }) },
    { clock, random: randomBytes },
  );
const sourceOf = ({
  certPem,
  keyPem,
}: {
  readonly certPem: string;
  readonly keyPem: string;
}): AuthoritySource => {
  const certFile = join(folder.path, `${randomBytes(4).toString('hex')}.pem`);
  writeFileSync(certFile, certPem);
  return { kind: 'given', certFile, keyPem };
};
const authority = await makeAuthority(clock);
const given = await makeForeignAuthority('Given', clock.now());
const leaf = await given.sign('leaf');
const otherKey = await makeKeys();
const request = await makeCsr();

async function issue(csr: Uint8Array, over: Partial<CertificateOrder> = {}) {
  const issued = await authority.issue(csr, { ...order, ...over });
  if (issued.kind === 'refused') throw new Error(`${issued.code} ${issued.reason}`);
  return issued.certificate;
}

describe('a certificate', () => {
  test('is for client authentication of one agent of one tenant, and for nothing else', async () => {
    const { csr } = await makeCsr();
    const issued = await issue(csr);
    const certificate = new X509Certificate(issued.certPem);
    expect(certificate.subject).toBe(`O=acme\nCN=${uid}`);
    expect(certificate.subjectAltName).toBe(
      `URI:urn:muster:agent:acme:${uid}, URI:urn:muster:entry:bootstrap`,
    );
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.checkIssued(new X509Certificate(authority.bundlePem()))).toBe(true);
    expect(certificate.verify(new X509Certificate(authority.bundlePem()).publicKey)).toBe(true);
    expect(certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(issued.fingerprint);
  });

  test('is valid from five minutes ago for as long as was asked', async () => {
    const { csr } = await makeCsr();
    const issued = await issue(csr);
    const { validFrom, validTo } = new X509Certificate(issued.certPem);
    expect([Date.parse(validFrom), Date.parse(validTo)]).toEqual([issued.notBefore, issued.notAfter]);
    expect(issued.notBefore).toBe(order.now - 5 * 60_000);
    expect(issued.notAfter).toBe(order.now + 30 * day);
  });

  test('never outlives its authority', async () => {
    const { csr } = await makeCsr();
    const issued = await issue(csr, { lifetimeMs: 9_999 * day });
    expect(issued.notAfter).toBe(Date.parse(new X509Certificate(authority.bundlePem()).validTo));
  });

  test('takes the key of the request and none of the extensions that it asks for', async () => {
    const { csr, keyPem } = await makeCsr({
      commonName: 'root',
      uris: ['https://evil.example/', 'urn:muster:entry:other'],
      asksToBeAuthority: true,
    });
    const certificate = new X509Certificate((await issue(csr)).certPem);
    expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(`${certificate.subject} ${certificate.subjectAltName}`).not.toMatch(/root|evil|other/);
  });

  test('has a serial number of its own, of 16 bytes', async () => {
    const { csr } = await makeCsr();
    const serials = await Promise.all(
      [1, 2, 3].map(async () => new X509Certificate((await issue(csr)).certPem).serialNumber),
    );
    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test('can come with a key that the server makes', async () => {
    const issued = await authority.issueWithKey(order);
    expect(new X509Certificate(issued.certPem).checkPrivateKey(createPrivateKey(issued.privateKeyPem))).toBe(
      true,
    );
    expect(authority.isOurs(new X509Certificate(issued.certPem).raw)).toEqual({
      tenant: 'acme',
      uid,
      entry: 'bootstrap',
    });
  });

  test.each([
    ['RSA of 2048 bits', rsa(2048)],
    ['EC on P-384', ec('P-384')],
    ['EC on P-521', ec('P-521')],
    ['Ed25519', ed25519],
  ])('is given for a key of %s', async (_, algorithm) => {
    const { csr } = await makeCsr({ algorithm });
    expect((await issue(csr)).tenant).toBe('acme');
  });

  test.each([
    ['its uid as common name', { commonName: uid.toUpperCase() }],
    ['its uid as URI', { uris: [`urn:uuid:${uid}`] }],
    ['a host name', { commonName: 'web-17.example' }],
  ])('is given for a request with %s', async (_, options) => {
    const { csr } = await makeCsr(options);
    expect((await issue(csr)).uid).toBe(uid);
  });
});

describe('a request is refused', () => {
  const other = uidOf(2);
  test.each([
    ['its common name is another uid', { commonName: other }, 'CSR_UID_FOREIGN'],
    ['its URI is another uid', { uris: [`urn:uuid:${other}`] }, 'CSR_UID_FOREIGN'],
    ['it names another agent of ours', { uris: [`urn:muster:agent:globex:${other}`] }, 'CSR_UID_FOREIGN'],
    ['its RSA key is short', { algorithm: rsa(1024) }, 'CSR_KEY_WEAK'],
  ])('where %s', async (_, options, code) => {
    const { csr } = await makeCsr(options);
    expect(await authority.issue(csr, order)).toMatchObject({ kind: 'refused', code });
  });

  test('where it is not signed with its own key', async () => {
    const { pem } = await makeCsr();
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    der[der.length - 3] = (der[der.length - 3] ?? 0) ^ 1;
    const forged = Buffer.from(
      `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`,
    );
    expect(await authority.issue(forged, order)).toMatchObject({ kind: 'refused', code: 'CSR_INVALID' });
  });

  test.each([
    ['empty', ''],
    ['no PEM', 'hello'],
    ['a certificate', authority.bundlePem()],
    ['two requests', `${request.pem}\n${request.pem}`],
    ['PEM of garbage', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'],
    ['too long', `${request.pem}${' '.repeat(20_000)}`],
  ])('where it is %s', async (_, text) => {
    expect(await authority.issue(Buffer.from(text), order)).toMatchObject({
      kind: 'refused',
      code: 'CSR_INVALID',
    });
  });
});

describe('a certificate is ours', () => {
  test('by our signature, not by the names in it', async () => {
    const mallory = await makeForeignAuthority('Muster agents', clock.now());
    const { certPem } = await mallory.sign(uid, [
      `urn:muster:agent:acme:${uid}`,
      'urn:muster:entry:bootstrap',
    ]);
    expect(authority.isOurs(new X509Certificate(certPem).raw)).toBeUndefined();
    expect(authority.isOurs(new Uint8Array(10))).toBeUndefined();
  });

  test('after a rollover too, while new ones come from the newest', async () => {
    const old = await makeForeignAuthority('Muster agents', clock.now());
    const oldFile = join(folder.path, 'old.pem');
    writeFileSync(oldFile, old.certPem);
    const before = await open(sourceOf(old));
    const earlier = await before.issueWithKey(order);
    const after = await makeAuthority(clock, 'Muster agents', [oldFile]);
    expect(after.isOurs(new X509Certificate(earlier.certPem).raw)).toMatchObject({ uid });
    expect(after.issuers.map(({ sha256 }) => sha256)).toContain(old.sha256);
    const { certPem, caPem } = await after.issueWithKey(order);
    expect(before.isOurs(new X509Certificate(certPem).raw)).toBeUndefined();
    expect(caPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });
});

describe('an authority in a folder', () => {
  test('is made on first use, readable by its user alone, and found again', async () => {
    const dir = join(folder.path, 'first');
    const [first] = (await open({ kind: 'dir', dir })).issuers;
    const [again] = (await open({ kind: 'dir', dir })).issuers;
    expect(again).toEqual(first);
    expect(readdirSync(dir)).toEqual(['authority.pem']);
    expect(statSync(join(dir, 'authority.pem')).mode & 0o777).toBe(0o600);
    const { validFrom, validTo } = new X509Certificate(first?.certPem ?? '');
    expect((Date.parse(validTo) - Date.parse(validFrom)) / day).toBeCloseTo(3650, 1);
  });

  test('is one, however many start at once', async () => {
    const dir = join(folder.path, 'race');
    const opened = await Promise.all(Array.from({ length: 8 }, () => open({ kind: 'dir', dir })));
    expect(new Set(opened.map(({ issuers }) => issuers[0]?.sha256)).size).toBe(1);
    expect(readdirSync(dir)).toEqual(['authority.pem']);
  });

  test('keeps its key encrypted with the passphrase', async () => {
    const dir = join(folder.path, 'locked');
    await open({ kind: 'dir', dir }, 'correct horse');
    const text = readFileSync(join(dir, 'authority.pem'), 'utf8');
    expect(text).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(text).not.toContain('BEGIN PRIVATE KEY');
    await expect(open({ kind: 'dir', dir }, 'wrong')).rejects.toMatchObject({ code: 'CA_INVALID' });
    await expect(open({ kind: 'dir', dir })).rejects.toMatchObject({ code: 'CA_INVALID' });
    expect((await open({ kind: 'dir', dir }, 'correct horse')).issuers).toHaveLength(1);
    expect(readFileSync(join(dir, 'authority.pem'), 'utf8')).toBe(text);
  });

  test('is never replaced when it cannot be read', async () => {
    const dir = join(folder.path, 'broken');
    await open({ kind: 'dir', dir });
    const path = join(dir, 'authority.pem');
    writeFileSync(path, 'garbage');
    await expect(open({ kind: 'dir', dir })).rejects.toMatchObject({ code: 'CA_INVALID' });
    expect(readFileSync(path, 'utf8')).toBe('garbage');
  });

  test('says so where it cannot be written', async () => {
    const dir = join(folder.path, 'file-in-the-way');
    writeFileSync(dir, '');
    chmodSync(dir, 0o600);
    await expect(open({ kind: 'dir', dir })).rejects.toMatchObject({ code: 'CA_FILES' });
  });
});

describe('an authority that is given', () => {
  test('signs, and is told by name where its file is not there', async () => {
    expect((await open(sourceOf(given))).issuers[0]?.sha256).toBe(given.sha256);
    const certFile = join(folder.path, 'none.pem');
    await expect(open({ kind: 'given', certFile, keyPem: given.keyPem })).rejects.toMatchObject({
      code: 'CA_FILES',
      message: expect.stringContaining('none.pem'),
    });
  });

  test.each([
    ['no certificate', '', given.keyPem],
    ['no key', given.certPem, ''],
    ['another key', given.certPem, otherKey.keyPem],
    ['no authority', leaf.certPem, given.keyPem],
  ])('is refused with %s', async (_, certPem, keyPem) => {
    await expect(open(sourceOf({ certPem, keyPem }))).rejects.toMatchObject({ code: 'CA_INVALID' });
  });

  test('with a plain key is refused where a passphrase is set', async () => {
    await expect(open(sourceOf(given), 'secret')).rejects.toMatchObject({ code: 'CA_INVALID' });
  });
});
