import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AgentGate,
  type CertificateAuthority,
  createAgentGate,
  createJwtVerifier,
  createKeyFetcher,
  fetchHttpsDocument,
  type IssuedCertificate,
  openEnrollmentDesk,
} from '../../../src/credentials/index.ts';
import type { InstanceUid } from '../../../src/model/index.ts';
import type { Session } from '../../../src/opamp-server/index.ts';
import { type Clock, createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import {
  connectAgent,
  managed,
  refusedUpgrade,
  startServer,
} from '../../conformance/opamp-server/harness.ts';
import { uidOf } from '../../support/agents.ts';
import {
  makeAuthority,
  makeCsr,
  makeForeignAuthority,
  makeServerCertificate,
  sha256Of,
} from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { certificateEntry, tenantsOf, tokenEntry } from '../../unit/credentials/tenants.ts';

const day = 86_400_000;
const uid = uidOf(1);
const folder = makeTemporaryDir();
const [certFile, keyFile, clientCaFile] = ['server.pem', 'server-key.pem', 'client-ca.pem'].map((name) =>
  join(folder.path, name),
) as [string, string, string];
const bootstrap = tokenEntry('bootstrap', 'boot', 'auto');
const acme = { acme: { enrollment: [bootstrap] } };

/** A clock whose wall time may be set ahead: certificates are made and judged by it, sockets by the machine's. */
function aheadClock(): Clock & { ahead: number } {
  const system = createSystemClock();
  const clock = { ...system, ahead: 0, now: () => system.now() + clock.ahead };
  return clock;
}

let serverCa = '';
let gatewayCa: Awaited<ReturnType<typeof makeForeignAuthority>>;

beforeAll(async () => {
  const authority = await makeForeignAuthority('Servers', Date.now());
  const server = await makeServerCertificate(authority, 'localhost');
  gatewayCa = await makeForeignAuthority('Gateways', Date.now());
  serverCa = authority.certPem;
  writeFileSync(certFile, server.certPem);
  writeFileSync(keyFile, server.keyPem);
  writeFileSync(clientCaFile, gatewayCa.certPem);
});
afterAll(() => folder.remove());

/** The OpAMP server with the real gate and authority, as the service wires them. */
async function startGuarded(authority?: CertificateAuthority) {
  const clock = aheadClock();
  const own = authority ?? (await makeAuthority(clock));
  const jwt = createJwtVerifier({
    clock,
    logger: createSilentLogger(),
    keySource: createKeyFetcher(
      { fetch: fetchHttpsDocument, readFile: () => Promise.reject(new Error('none')) },
      { trusted: new Map() },
    ),
  });
  const gate: AgentGate = createAgentGate(
    { clock, random: () => 0.5, jwt, authority: own },
    { allowAnonymous: false },
  );
  gate.replace(tenantsOf(acme));
  const tls = { certFile, keyFile, clientCaFile, extraClientCas: () => [own.bundlePem()] };
  const harness = await startServer({ tls });
  harness.admit = (request) => gate.admit(request);
  const desk = await openEnrollmentDesk({
    authority: own,
    clock,
    approvalOf: gate.approvalOf,
    pendingStore: { load: async () => [], put: () => {}, remove: () => {} },
    issuedLog: { load: async () => [], record: () => {}, remove: () => {} },
  });
  const connect = (client: { cert?: string; key?: string; token?: string } = {}) => {
    const { token, ...pair } = client;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return connectAgent(harness, { ca: serverCa, headers, ...pair });
  };
  const refused = (client: { cert?: string; key?: string; token?: string } = {}) => {
    const { token, ...pair } = client;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return refusedUpgrade(harness, { ca: serverCa, headers, ...pair });
  };
  const session = (): Promise<Session> => eventually(() => harness.reports.at(-1)?.session);
  return { clock, own, gate, harness, desk, connect, refused, session };
}

async function enroll(
  desk: Awaited<ReturnType<typeof startGuarded>>['desk'],
  own: InstanceUid = uid,
): Promise<{ cert: string; key: string; certificate: IssuedCertificate }> {
  const { csr, keyPem } = await makeCsr();
  const decision = await desk.request({
    tenant: 'acme',
    uid: own,
    credential: 'bootstrap',
    scope: 'enroll',
    csrPem: csr,
  });
  if (decision.kind !== 'issued') throw new Error(decision.kind);
  return { cert: decision.certificate.certPem, key: keyPem, certificate: decision.certificate };
}

describe('an agent that enrolls', () => {
  it('comes with a bootstrap token, gets a certificate, and comes back as nobody but itself', async () => {
    const { desk, connect, session } = await startGuarded();
    const first = await connect({ token: 'boot' });
    first.send({ uid, capabilities: managed });
    expect(await session()).toMatchObject({ tenant: 'acme', credential: 'bootstrap', scope: 'enroll' });
    const { cert, key, certificate } = await enroll(desk);
    const second = await connect({ cert, key });
    second.send({ uid, capabilities: managed });
    await second.message(1);
    expect(await session()).toMatchObject({
      tenant: 'acme',
      credential: 'bootstrap',
      scope: 'full',
      boundUid: uid,
      fingerprint: certificate.fingerprint,
    });
    second.send({ uid: uidOf(2), sequence: 1, capabilities: managed });
    expect((await second.message(2)).error?.type).toBe('bad-request');
  });

  it('is cut off at once by its revocation, and refused when it comes back', async () => {
    const { desk, connect, refused, gate, harness } = await startGuarded();
    const { cert, key, certificate } = await enroll(desk);
    const other = await enroll(desk, uidOf(2));
    const agent = await connect({ cert, key });
    const bystander = await connect({ cert: other.cert, key: other.key });
    const isVoid = gate.replace(
      tenantsOf({ acme: { enrollment: [bootstrap], revoked: [certificate.fingerprint] } }),
    );
    expect(harness.server.closeSessions(isVoid, { code: 1008, reason: 'revoked', overMs: 0 })).toBe(1);
    expect(await agent.closing()).toEqual({ code: 1008, reason: 'revoked' });
    expect(await refused({ cert, key })).toMatchObject({ status: 401 });
    bystander.send({ uid: uidOf(2), capabilities: managed });
    expect((await bystander.message(1)).error).toBeUndefined();
  });

  it('is refused once its certificate has expired, and may start again with the bootstrap token', async () => {
    const { desk, connect, refused, clock, session } = await startGuarded();
    const { cert, key } = await enroll(desk);
    clock.ahead = 31 * day;
    expect(await refused({ cert, key })).toMatchObject({ status: 401 });
    const again = await connect({ cert, key, token: 'boot' });
    again.send({ uid, capabilities: managed });
    expect(await session()).toMatchObject({ scope: 'enroll' });
  });

  it('keeps its certificate through a rollover of the authority', async () => {
    const before = await startGuarded();
    const { cert, key } = await enroll(before.desk);
    const oldFile = join(folder.path, 'old-ca.pem');
    writeFileSync(oldFile, before.own.bundlePem());
    const after = await startGuarded(await makeAuthority(before.clock, 'Muster agents, next', [oldFile]));
    const agent = await after.connect({ cert, key });
    agent.send({ uid, capabilities: managed });
    expect(await after.session()).toMatchObject({ boundUid: uid });
    const renewed = await enroll(after.desk, uidOf(3));
    expect(await before.refused({ cert: renewed.cert, key: renewed.key })).toMatchObject({ status: 401 });
  });
});

describe('a certificate of another authority', () => {
  it('admits by its common name, and only what the listener trusts counts', async () => {
    const { connect, refused, gate, session } = await startGuarded();
    const entry = certificateEntry(gatewayCa.sha256, '*.gw.acme.example');
    gate.replace(tenantsOf({ acme: { enrollment: [bootstrap, entry] } }));
    const gateway = await gatewayCa.sign('a.gw.acme.example');
    const agent = await connect({ cert: gateway.certPem, key: gateway.keyPem });
    agent.send({ uid, capabilities: managed });
    expect(await session()).toMatchObject({
      tenant: 'acme',
      credential: 'gateways',
      scope: 'full',
      fingerprint: sha256Of(gateway.certPem),
    });
    const other = await gatewayCa.sign('a.gw.globex.example');
    expect(await refused({ cert: other.certPem, key: other.keyPem })).toMatchObject({ status: 401 });
    const mallory = await makeForeignAuthority('Gateways', Date.now());
    const forged = await mallory.sign('a.gw.acme.example');
    expect(await refused({ cert: forged.certPem, key: forged.keyPem })).toMatchObject({ status: 401 });
  });

  it('that bears the names of one that we issued is no certificate of ours', async () => {
    const { refused } = await startGuarded();
    const names = [`urn:muster:agent:acme:${uid}`, 'urn:muster:entry:bootstrap'];
    const copy = await gatewayCa.sign(uid, names);
    expect(await refused({ cert: copy.certPem, key: copy.keyPem })).toMatchObject({ status: 401 });
  });
});
