import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventView, Page, PendingAgentView } from '../../../src/http-api/index.ts';
import type { ConnectionOffer } from '../../../src/model/index.ts';
import { uidOf } from '../../support/agents.ts';
import { makeCsr, sha256Of } from '../../support/certificates.ts';
import { runCommand } from '../../support/console.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { acmeFiles, type SecureService, startSecureService, tokens } from '../../support/secure-service.ts';
import { connectSettingsAgent, type SettingsAgentOptions } from '../../support/settings-agent.ts';

const uid = uidOf(1);
const connection = {
  'connections/default.yaml':
    'kind: Connection\nselector: {}\nopamp: {heartbeat: 20s, insist: true}\ncertificate: {lifetime: 24h, renewBefore: 1h}\n',
};

type Credential = Pick<SettingsAgentOptions, 'token'> & { readonly cert?: string; readonly key?: string };

function connectTo({ url, ca }: SecureService, { token, ...pair }: Credential, own = uid) {
  return connectSettingsAgent({ url, uid: own, tls: { ca, ...pair }, ...(token !== undefined && { token }) });
}

function certificateOf(offer: ConnectionOffer): string {
  return offer.opamp?.certificate?.certPem ?? '';
}

describe('an agent that asks for its certificate', () => {
  it('comes with a bootstrap token, and goes on as itself by what it was issued', async () => {
    await using secure = await startSecureService(connection);
    const { service, url } = secure;
    const { csr, keyPem } = await makeCsr();
    await using newcomer = await connectTo(secure, { token: tokens.auto });
    newcomer.report({ certificateRequest: csr });
    const offer = await newcomer.connection(1);
    expect(offer.opamp).toMatchObject({ endpoint: url, heartbeatSeconds: 20 });
    expect(offer.opamp?.certificate?.privateKeyPem).toBeUndefined();
    const cert = certificateOf(offer);
    const { validTo, publicKey } = new X509Certificate(cert);
    expect(publicKey.equals(createPublicKey(keyPem))).toBe(true);
    expect(Math.abs(Date.parse(validTo) - Date.now() - 24 * 3_600_000)).toBeLessThan(600_000);
    expect(await service.agents()).toEqual([]);
    expect(newcomer.received.some(({ remoteConfig }) => remoteConfig)).toBe(false);

    await newcomer.close();
    await using agent = await connectTo(secure, { cert, key: keyPem });
    agent.report({ connectionSettingsStatus: { hash: offer.hash, state: 'applied', errorMessage: '' } });
    await eventually(() => agent.received.find(({ remoteConfig }) => remoteConfig));
    await eventuallyHolds(async () =>
      expect(await service.agentDetail(uid)).toMatchObject({
        tenant: 'acme',
        connected: true,
        config: 'edge',
        connection: { certificate: { fingerprint: sha256Of(cert) } },
      }),
    );
  });

  it('waits for an operator where its token says so, and then gets its certificate without asking again', async () => {
    await using secure = await startSecureService(connection);
    const { service } = secure;
    const { csr, keyPem } = await makeCsr();
    await using newcomer = await connectTo(secure, { token: tokens.manual });
    newcomer.report({ certificateRequest: csr });
    const pending = () => service.get<Page<PendingAgentView>>('/api/v1/enrollments');
    await eventuallyHolds(async () =>
      expect((await pending()).items).toMatchObject([{ uid, tenant: 'acme', credential: 'manual' }]),
    );
    expect(newcomer.received.some((message) => message.connection)).toBe(false);

    const { httpUrl } = service.app();
    const listed = await runCommand(['agents', 'pending', '--server', httpUrl]);
    expect(listed.out).toMatch(new RegExp(`UID.*\\n${uid} +acme +manual `));
    const approve = ['agents', 'approve', uid, '--reason', 'known host', '--server', httpUrl];
    expect(await runCommand(approve)).toMatchObject({ exit: 0, out: `${uid} gets its certificate\n` });
    const cert = certificateOf(await newcomer.connection(1));
    expect((await pending()).items).toEqual([]);
    await using agent = await connectTo(secure, { cert, key: keyPem });
    await eventually(() => agent.received.find(({ remoteConfig }) => remoteConfig));
    const { items } = await service.get<Page<EventView>>('/api/v1/events/history');
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'certificate-approved',
        uid,
        message: 'certificate approved: known host',
      }),
    );
    expect((await runCommand(approve)).err).toContain('waits for approval');
  });

  it('is told what is wrong with its request', async () => {
    await using secure = await startSecureService(connection);
    await using newcomer = await connectTo(secure, { token: tokens.auto });
    newcomer.report({ certificateRequest: Buffer.from('not a request') });
    expect(await newcomer.error()).not.toBe('');
    expect(newcomer.received.some((message) => message.connection)).toBe(false);
  });

  it('is cut off at once by a commit that revokes it, and refused when it comes back', async () => {
    await using secure = await startSecureService(connection);
    const { service } = secure;
    const { csr, keyPem } = await makeCsr();
    await using newcomer = await connectTo(secure, { token: tokens.auto });
    newcomer.report({ certificateRequest: csr });
    const pair = { cert: certificateOf(await newcomer.connection(1)), key: keyPem };
    await using agent = await connectTo(secure, pair);
    await using bystander = await connectTo(secure, { token: tokens.full }, uidOf(2));
    await eventuallyHolds(async () => expect(await service.agents('connected=true')).toHaveLength(2));
    service.repo.commit(acmeFiles(`revoked: [${sha256Of(pair.cert)}]`));
    expect(await agent.closed()).toBe('1008 revoked');
    await expect(connectTo(secure, pair)).rejects.toThrow('refused with 401');
    await eventuallyHolds(async () => expect(await service.agents('connected=true')).toHaveLength(1));
    bystander.report({});
  });
});

describe('an agent that the server offers a certificate to', () => {
  it('gets one with its key, keeps its old credential until it is back, and is not offered another', async () => {
    await using secure = await startSecureService(connection);
    const { service } = secure;
    await using first = await connectTo(secure, { token: tokens.full });
    const offer = await first.connection(1);
    const { certPem: cert = '', privateKeyPem: key = '' } = offer.opamp?.certificate ?? {};
    expect(key).toContain('PRIVATE KEY');
    await using twin = await connectTo(secure, { token: tokens.full }, uidOf(2));
    expect((await twin.connection(1)).hash).not.toBe(offer.hash);

    await first.close();
    await using old = await connectTo(secure, { token: tokens.full });
    await eventuallyHolds(async () => expect((await service.agentDetail(uid)).connected).toBe(true));
    await old.close();
    await using agent = await connectTo(secure, { cert, key });
    agent.applied(offer);
    await eventuallyHolds(async () =>
      expect(await service.agentDetail(uid)).toMatchObject({
        connected: true,
        connection: {
          status: { state: 'applied', hash: offer.hash },
          certificate: { fingerprint: sha256Of(cert) },
        },
      }),
    );
    agent.report({});
    await eventuallyHolds(() => expect(agent.received.length).toBeGreaterThanOrEqual(3));
    expect(agent.received.flatMap((message) => message.connection?.hash ?? [])).toEqual(
      agent.received.some((message) => message.connection) ? [offer.hash] : [],
    );
    const detail = JSON.stringify(await service.agentDetail(uid));
    expect(detail).not.toContain('PRIVATE KEY');
  });

  it('may not speak for another agent by it', async () => {
    await using secure = await startSecureService(connection);
    await using first = await connectTo(secure, { token: tokens.full });
    const { certPem: cert = '', privateKeyPem: key = '' } =
      (await first.connection(1)).opamp?.certificate ?? {};
    await using thief = await connectTo(secure, { cert, key }, uidOf(2));
    expect(await thief.error()).not.toBe('');
    expect((await secure.service.agents()).map((one) => one.uid)).toEqual([uid]);
  });
});
