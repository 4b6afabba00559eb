import { X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type AgentReport, agentCapability } from '../../../../src/model/index.ts';
import type { ReportSession } from '../../../../src/reconciler/index.ts';
import { uidOf } from '../../../support/agents.ts';
import { makeCsr } from '../../../support/certificates.ts';
import { oneTenant } from '../../../support/service.ts';
import { createTestReconciler, type TestReconciler } from '../../../support/test-reconciler.ts';
import { connectionFile, hello, makeSettingsSource } from './settings-source.ts';

const uid = uidOf(7);
const opampUrl = 'wss://muster.example/v1/opamp';
const certificateConnection = connectionFile('opamp: {heartbeat: 30s}\ncertificate: {lifetime: 30d}\n');
const { csr } = await makeCsr();
const { csr: otherCsr } = await makeCsr();
const { csr: foreignCsr } = await makeCsr({ commonName: uidOf(8) });

async function start(
  options: Parameters<typeof makeSettingsSource>[0] & {
    readonly files?: Readonly<Record<string, string>>;
  } = {},
) {
  const server = await makeSettingsSource({ opampUrl, ...options });
  const test = createTestReconciler(server.source);
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await server.idle();
      await test.reconciler.idle();
    }
  };
  await test.commit({ ...oneTenant, ...options.files });
  const send = async (
    report: Partial<AgentReport>,
    session: Partial<ReportSession> = {},
    tenant = 'default',
  ) => {
    const from = { id: 'c1', transport: 'ws', secure: true, tenant, credential: 'edge', ...session } as const;
    const whole = { uid, disconnect: false, requestsUid: false, ...hello, ...report } as AgentReport;
    const reply = test.reconciler.receive(whole, from);
    await settle();
    return reply;
  };
  /** Lets time pass, and what it asks for be made. */
  const pass = async (milliseconds: number, steps: number) => {
    for (let step = 0; step < steps; step += 1) {
      server.clock.advance(milliseconds / steps);
      await test.pass(milliseconds / steps);
      await settle();
    }
  };
  return { ...server, test, send, pass };
}

const enroll = { scope: 'enroll', credential: 'bootstrap' } as const;
const bound = { boundUid: uid, credential: 'bootstrap', id: 'c2' } as const;
const certificates = (test: TestReconciler) =>
  test.settings.flatMap(({ connection }) => connection?.opamp?.certificate ?? []);
const errors = (test: TestReconciler) => test.settings.flatMap(({ error }) => error ?? []);

describe('a certificate request', () => {
  it('C-CSR-2 [S] of an agent whose Connection grants certificates is answered with one, its authority, and no key', async () => {
    const { test, send, issued } = await start({ files: certificateConnection });
    await send({ certificateRequest: csr });
    const answers = certificates(test).filter(({ privateKeyPem }) => privateKeyPem === undefined);
    expect(answers).toHaveLength(1);
    const certificate = new X509Certificate(answers[0]?.certPem ?? '');
    expect(certificate.subject).toContain(uid);
    expect(certificate.verify(new X509Certificate(answers[0]?.caPem ?? '').publicKey)).toBe(true);
    expect(issued.some(({ csrSha256 }) => csrSha256 !== undefined)).toBe(true);
  });

  it('C-CSR-3 [M] with a full credential that no Connection grants certificates is refused', async () => {
    const { test, send, issued } = await start();
    await send({ certificateRequest: csr });
    expect(certificates(test)).toEqual([]);
    expect(errors(test)).toEqual(['no Connection offers certificates to this agent']);
    expect(issued).toEqual([]);
  });

  it.each([
    ['that is none', Buffer.from('hello')],
    ['of nothing at all', new Uint8Array()],
  ])('C-CSR-3 [M] %s is refused', async (_, certificateRequest) => {
    const { test, send } = await start({ files: certificateConnection });
    await send({ certificateRequest, capabilities: hello.capabilities ?? 0 }, { secure: false });
    expect(errors(test)).toHaveLength(1);
    expect(certificates(test)).toEqual([]);
  });

  it('C-CSR-3 [M] is refused, and none is made, where the certificate could not be offered', async () => {
    const approvals = { 'default/bootstrap': 'auto' } as const;
    const { test, send, issued } = await start({ opampUrl: undefined, approvals });
    await send({ certificateRequest: csr }, enroll);
    expect(errors(test)).toHaveLength(1);
    expect(issued).toEqual([]);
  });

  it('C-CSR-3 [M] of an agent that takes no connection settings is refused', async () => {
    const { test, send, issued } = await start({ approvals: { 'default/bootstrap': 'auto' } });
    await send({ certificateRequest: csr, capabilities: agentCapability.reportsStatus }, enroll);
    expect(errors(test)).toEqual(['the agent does not take it']);
    expect(issued).toEqual([]);
  });

  it('C-CSR-3 [M] is refused where the settings cannot be put together at all', async () => {
    const { source, idle } = await makeSettingsSource({ opampUrl });
    const test = createTestReconciler({
      ...source,
      certify: () => Promise.reject(new Error('the disk is gone')),
    });
    await test.commit({ ...oneTenant });
    test.receive({ ...hello, uid, certificateRequest: csr });
    await idle();
    expect(errors(test)).toEqual(['the certificate request could not be answered']);
  });

  it('C-CSR-4 [M] that names another uid than the message is refused', async () => {
    const { test, send } = await start({ files: certificateConnection });
    await send({ certificateRequest: foreignCsr }, { secure: false });
    expect(errors(test)).toEqual(['the request names another instance uid']);
  });

  it('of an agent that a bootstrap token let in gets settings, and no roster entry', async () => {
    const { test, send } = await start({ approvals: { 'default/bootstrap': 'auto' } });
    await send({ certificateRequest: csr }, enroll);
    expect(certificates(test)).toHaveLength(1);
    expect(test.reconciler.world.registry.size).toBe(0);
  });

  it('with a certificate of ours is a renewal, and needs no Connection', async () => {
    const { test, send } = await start({ approvals: { 'default/bootstrap': 'auto' } });
    await send({ certificateRequest: csr }, enroll);
    await send({ sequence: 0, certificateRequest: otherCsr }, bound);
    expect(certificates(test)).toHaveLength(2);
    expect(errors(test)).toEqual([]);
  });

  it('for the certificate that it got, an agent is not sent its settings again', async () => {
    const { test, send, pass } = await start({
      approvals: { 'default/bootstrap': 'auto' },
      files: certificateConnection,
    });
    await send({ certificateRequest: csr }, enroll);
    const [sent] = test.settings;
    await send(
      {
        connectionSettingsStatus: {
          hash: sent?.connection?.hash ?? '',
          state: 'applied',
          errorMessage: '',
        },
      },
      bound,
    );
    await pass(600_000, 10);
    expect(test.settings).toHaveLength(1);
  });
});

describe('a request that waits for approval', () => {
  const approvals = { 'default/bootstrap': 'manual', 'globex/bootstrap': 'manual' } as const;
  const operator = { actor: 'operator 1', reason: 'known host' };

  async function approve({ desk, test }: Awaited<ReturnType<typeof start>>, tenant: string) {
    const decision = await desk.approve({ uid, tenant, ...operator });
    if (decision.kind !== 'issued') throw new Error(decision.kind);
    const { certPem, caPem, fingerprint, notBefore, notAfter } = decision.certificate;
    const issued = { certificate: { certPem, caPem }, fingerprint, notBefore, notAfter };
    await test.reconciler.settings.approved({ tenant, uid }, issued, operator);
  }

  it('is told of once, however often the agent asks', async () => {
    const { test, send } = await start({ approvals });
    for (let turn = 0; turn < 5; turn += 1) await send({ certificateRequest: csr }, enroll);
    expect(test.events.filter(({ kind }) => kind === 'certificate-pending')).toHaveLength(1);
  });

  it('is answered in the session that asked, and another tenant that asks for the same uid gets nothing', async () => {
    const service = await start({ approvals });
    const { test, send } = service;
    const sessions: unknown[] = [];
    await send({ certificateRequest: csr }, { ...enroll, id: 'ours' });
    await send({ certificateRequest: otherCsr }, { ...enroll, id: 'theirs' }, 'globex');
    await approve(service, 'default');
    sessions.push(...test.settings.map(({ session }) => session));
    expect(sessions).toEqual(['ours']);
    expect(test.settings[0]?.connection?.opamp?.certificate?.certPem).toContain('CERTIFICATE');
  });
});

describe('a certificate that the server makes', () => {
  it('goes out with its key, over a connection that nobody can listen to only', async () => {
    const { test, send } = await start({ files: certificateConnection });
    await send({});
    expect(certificates(test)[0]?.privateKeyPem).toContain('PRIVATE KEY');
    const plain = await start({ files: certificateConnection });
    await plain.send({}, { secure: false });
    expect(certificates(plain.test).filter(({ privateKeyPem }) => privateKeyPem)).toEqual([]);
  });

  it('is sent again where it was lost, the same one, and not forever', async () => {
    const { test, send, pass } = await start({ files: certificateConnection });
    await send({});
    expect(certificates(test)).toHaveLength(1);
    await pass(6 * 3_600_000, 200);
    const hashes = new Set(test.settings.map(({ connection }) => connection?.hash));
    expect(test.settings.length).toBeGreaterThan(3);
    expect(test.settings.length).toBeLessThan(15);
    expect(hashes.size).toBe(1);
  });

  it('keeps no key in what is stored, told or shown', async () => {
    const { test, send } = await start({ files: certificateConnection });
    await send({});
    const { registry } = test.reconciler.world;
    const agent = registry.get(uid)?.agent;
    const shown = agent && test.reconciler.settings.view(agent);
    const kept = inspect([test.facts, test.events, test.reports, agent, shown], { depth: 20 });
    expect(kept).toContain('notAfter');
    expect(kept).not.toContain('PRIVATE KEY');
  });

  it('is renewed in time, once', async () => {
    const { test, send, pass, issued } = await start({ files: certificateConnection });
    await send({});
    const report = (hash: string | undefined) =>
      send({
        sequence: 1,
        connectionSettingsStatus: { hash: hash ?? '', state: 'applied', errorMessage: '' },
      });
    await report(test.settings.at(-1)?.connection?.hash);
    await pass(29.9 * 86_400_000, 100);
    expect(issued).toHaveLength(2);
    const sent = new Set(test.settings.map(({ connection }) => connection?.hash));
    expect(sent.size).toBe(2);
  });

  it('is not the old one any more for an agent that took another uid', async () => {
    const { test, send } = await start({ files: certificateConnection });
    await send({});
    const { certificates: book } = test.reconciler.settings;
    expect(book.of({ tenant: 'default', uid })).toBeDefined();
    test.reconciler.rename(uid, uidOf(9), {
      id: 'c1',
      transport: 'ws',
      tenant: 'default',
      credential: 'edge',
    });
    expect(book.of({ tenant: 'default', uid })).toBeUndefined();
    expect([...test.facts.keys()].filter((key) => key.startsWith('certificate/'))).toEqual([]);
  });
});

describe('a session that may only ask for a certificate', () => {
  it('changes nothing of the agent whose uid it uses', async () => {
    const { test, send } = await start();
    await send({});
    test.reconciler.disconnected([uid], { id: 'c1' });
    await test.reconciler.idle();
    const { registry } = test.reconciler.world;
    const before = registry.get(uid)?.agent;
    const session = { id: 'thief', transport: 'ws', tenant: 'default', ...enroll } as const;
    await send({ sequence: 5, disconnect: true }, session);
    await send(
      { sequence: 0, remoteConfigStatus: { hash: '' as never, state: 'unset', errorMessage: '' } },
      session,
    );
    test.reconciler.rename(uid, uidOf(9), session);
    expect(registry.get(uid)?.agent).toEqual(before);
    expect(registry.get(uidOf(9))).toBeUndefined();
  });
});
