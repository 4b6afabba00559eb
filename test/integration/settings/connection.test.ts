import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EventView, Page } from '../../../src/http-api/index.ts';
import type { AgentReport } from '../../../src/model/index.ts';
import { fullCapabilities, uidOf } from '../../support/agents.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { acmeFiles, startSecureService, tokens } from '../../support/secure-service.ts';
import { connectSettingsAgent } from '../../support/settings-agent.ts';

const uid = uidOf(1);
beforeAll(() => void vi.stubEnv('MUSTER_CONNECTION_TELEMETRY', 'telemetry-secret'));
afterAll(() => void vi.unstubAllEnvs());

function connectionFile(heartbeat: string, telemetry = 'telemetry.example.com'): string {
  const destination = (signal: string) =>
    `  ${signal}:\n    endpoint: https://${telemetry}/v1/${signal}\n    headers: {Authorization: "Bearer \${env:MUSTER_CONNECTION_TELEMETRY}"}`;
  return [
    'kind: Connection',
    'selector: {matchLabels: {service.name: otelcol}}',
    'ownTelemetry:',
    ...['metrics', 'traces', 'logs'].map(destination),
    `opamp: {heartbeat: ${heartbeat}, insist: true, tls: {includeSystemCas: true}}`,
    '',
  ].join('\n');
}

const path = 'connections/default.yaml';

describe('a Connection on the whole service', () => {
  it('reaches an agent that takes it as one complete offer, is not repeated, and comes again once it changed', async () => {
    await using secure = await startSecureService({ [path]: connectionFile('20s') });
    const { service, url, ca } = secure;
    await using agent = await connectSettingsAgent({ url, uid, token: tokens.full, tls: { ca } });
    const first = await agent.connection(1);
    expect(first.opamp).toMatchObject({ endpoint: url, heartbeatSeconds: 20 });
    for (const [destination, signal] of [
      [first.ownMetrics, 'metrics'],
      [first.ownTraces, 'traces'],
      [first.ownLogs, 'logs'],
    ] as const)
      expect(destination).toMatchObject({
        endpoint: `https://telemetry.example.com/v1/${signal}`,
        headers: [['Authorization', 'Bearer telemetry-secret']],
      });
    agent.applied(first);
    await eventuallyHolds(async () =>
      expect((await service.agentDetail(uid)).connection).toMatchObject({
        manifest: 'default',
        desiredHash: first.hash,
        offered: { hash: first.hash },
        status: { hash: first.hash, state: 'applied', error: '' },
      }),
    );
    expect(JSON.stringify(await service.agentDetail(uid))).not.toContain('telemetry-secret');

    agent.report({});
    service.repo.commit({ 'README.md': 'nothing of the fleet' });
    const changed = service.repo.commit({ [path]: connectionFile('25s') });
    const second = await agent.connection(2);
    expect(second.opamp?.heartbeatSeconds).toBe(25);
    expect(second.hash).not.toBe(first.hash);
    await service.status(changed, 'muster/fleet', 'success');
    expect(agent.received.filter(({ connection }) => connection)).toHaveLength(2);
  });

  it('is not offered again to an agent that refused it and comes back; its page and an event tell', async () => {
    await using secure = await startSecureService({ [path]: connectionFile('20s') });
    const { service, url, ca } = secure;
    const connect = (first: Partial<AgentReport> = {}) =>
      connectSettingsAgent({ url, uid, token: tokens.full, tls: { ca }, first });
    await using agent = await connect();
    const offer = await agent.connection(1);
    agent.report({
      connectionSettingsStatus: {
        hash: offer.hash,
        state: 'failed',
        errorMessage: 'password=hunter2 refused',
      },
    });
    await eventuallyHolds(async () => {
      const { connection } = await service.agentDetail(uid);
      expect(connection.status).toEqual({
        hash: offer.hash,
        state: 'failed',
        error: 'password=[REDACTED] refused',
      });
      const { items } = await service.get<Page<EventView>>('/api/v1/events/history');
      expect(items.filter(({ kind }) => kind === 'connection-failed')).toMatchObject([
        { uid, tenant: 'acme' },
      ]);
    });
    await agent.close();
    await using back = await connect({
      connectionSettingsStatus: { hash: offer.hash, state: 'failed', errorMessage: '' },
    });
    back.report({});
    await eventuallyHolds(() => expect(back.received).toHaveLength(2));
    expect(back.received.some(({ connection }) => connection)).toBe(false);
  });

  it('leaves out what an agent cannot take, and its page says why', async () => {
    await using secure = await startSecureService({ [path]: connectionFile('20s') });
    const { service, url, ca } = secure;
    await using plain = await connectSettingsAgent({
      ...{ url, uid, token: tokens.full, tls: { ca } },
      capabilities: fullCapabilities,
    });
    await eventuallyHolds(async () => {
      const { connection } = await service.agentDetail(uid);
      expect(connection).toMatchObject({
        manifest: 'default',
        desiredHash: null,
        offered: null,
        status: null,
      });
      expect(connection.reason).toContain('opamp: the agent does not take it');
      expect(connection.reason).toContain('ownTelemetry.metrics: the agent does not take it');
    });
    expect(plain.received.some(({ connection }) => connection)).toBe(false);
  });

  it('reaches an agent once a commit selects it', async () => {
    await using secure = await startSecureService({ [path]: connectionFile('20s') });
    const { service } = secure;
    await using agent = await connectSettingsAgent({
      ...{ url: secure.url, uid, token: tokens.full, tls: { ca: secure.ca } },
      attributes: { 'service.name': 'something-else' },
    });
    await eventuallyHolds(async () => {
      const { connection } = await service.agentDetail(uid);
      expect(connection).toMatchObject({ manifest: null, desiredHash: null, reason: null });
    });
    expect(agent.received.some(({ connection }) => connection)).toBe(false);
    service.repo.commit({
      [path]: connectionFile('20s').replace('otelcol', 'something-else'),
      ...acmeFiles(),
    });
    expect((await agent.connection(1)).opamp?.endpoint).toBe(secure.url);
  });
});
