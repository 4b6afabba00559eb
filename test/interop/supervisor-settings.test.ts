import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { acmeFiles, tokens } from '../support/secure-service.ts';
import { makeTlsListener } from '../support/tls-listener.ts';
import { muster, startMuster } from './support/muster-process.ts';
import { startSupervisedAgent } from './support/supervised-agent.ts';
import { startTelemetryReceiver, type TelemetryReceiver } from './support/telemetry-receiver.ts';

const patienceMs = 120_000;
const config = 'tenants/acme/edge/collector.yaml';
const connection = 'connections/default.yaml';

function collectorText(marker: string, exporter = 'debug'): string {
  return `receivers:
  otlp:
    protocols:
      grpc: {endpoint: "127.0.0.1:0"}
processors:
  batch: {timeout: ${marker}}
exporters:
  ${exporter}: {}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [${exporter}]}
`;
}

function connectionText(receiver: TelemetryReceiver, heartbeat: string): string {
  const destination = (signal: string) =>
    `  ${signal}: {endpoint: "${receiver.url(`/v1/${signal}`)}", headers: {Authorization: "Bearer \${env:MUSTER_CONNECTION_TELEMETRY}"}}`;
  return [
    'kind: Connection',
    'selector: {}',
    'ownTelemetry:',
    ...['metrics', 'traces', 'logs'].map(destination),
    `opamp: {heartbeat: ${heartbeat}, insist: true, tls: {ca: /tls/server-ca.pem}}`,
    'certificate: {lifetime: 24h}',
    '',
  ].join('\n');
}

/** The file as a user completes it: whom it trusts, and what it takes beside configs. */
function completeFile(caFile: string): (text: string) => string {
  return (text) =>
    text
      .replace('    insecure_skip_verify: false', `    ca_file: ${caFile}`)
      .replace(
        '  reports_heartbeat: true',
        '  reports_heartbeat: true\n  accepts_opamp_connection_settings: true\n  reports_own_metrics: true\n  reports_own_traces: true\n  reports_own_logs: true',
      );
}

it('the supervisor over wss takes own telemetry, heartbeat and certificate, restarts its collector, and is spared a config that its build lacks', async (test) => {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const { address, url, ca, caFile, environment } = await makeTlsListener(folder.path);
  await using receiver = await startTelemetryReceiver();
  const fleet = {
    ...acmeFiles(),
    'tenants/acme/edge.yaml':
      'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: immediate\n',
    [config]: collectorText('5s'),
    'fleet.yaml': 'kind: Fleet\nsharedPaths: [tls]\n',
    'tls/server-ca.pem': ca,
    [connection]: connectionText(receiver, '2s'),
  };
  await using service = await startMuster(fleet, {
    opamp: address,
    environment: { ...environment, MUSTER_CONNECTION_TELEMETRY: 'telemetry-token' },
  });
  await using agent = await startSupervisedAgent({
    peers: inject('peers'),
    endpoint: url,
    token: tokens.full,
    folder: join(service.folder, 'agent'),
    applyTimeout: '5s',
    adapt: completeFile(caFile),
    running: () => service.agent(({ connected, delivery }) => connected && delivery === 'applied'),
  });
  test.onTestFailed(() => void process.stderr.write(`${agent.output.slice(-60).join('\n')}\n`));
  const { uid } = await service.agent();
  const detail = () => service.detail(uid);
  const seen = async (count: number) => {
    const times = new Set<string>();
    await eventually(async () => times.add((await detail()).lastSeenAt).size > count, patienceMs, 200);
    return [...times].map((time) => Date.parse(time));
  };

  // Own build, own certificate, and no token any more: the offer repeats no headers.
  const first = await eventually(async () => {
    const now = await detail();
    return now.connected && now.connection.certificate && now.components ? now : undefined;
  }, patienceMs);
  expect(first.components).toContain('exporter/debug');
  expect(first.components).not.toContain('exporter/kafka');
  const beats = (await seen(3)).slice(1);
  expect((beats.at(-1) ?? 0) - (beats[0] ?? 0)).toBeLessThan(20_000);

  // contrib#51009: after another such offer a collector that runs as before counts as unhealthy, until it starts anew.
  await service.agent(({ delivery, connected }) => connected && delivery === 'applied');
  service.repo.commit({ [connection]: connectionText(receiver, '3s') });
  await eventuallyHolds(async () => expect((await detail()).health).toBe('Degraded'), patienceMs);
  const { startedAt, connection: offered } = await detail();
  await eventuallyHolds(
    async () =>
      expect(
        await muster('agents', 'restart', uid, '--reason', 'a test', '--server', service.httpUrl()),
      ).toContain(uid),
    patienceMs,
  );
  await eventuallyHolds(async () => {
    const now = await detail();
    expect(now).toMatchObject({ connected: true, health: 'Healthy' });
    expect(now.startedAt).not.toBe(startedAt);
  }, patienceMs);

  // The collector sends what it measured when it stops.
  await eventuallyHolds(() => {
    const bodies = receiver.received('/v1/metrics');
    expect(bodies.some(({ body }) => body.includes('otelcol_'))).toBe(true);
    expect(new Set(bodies.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer telemetry-token']),
    );
  }, patienceMs);

  const lacking = service.repo.commit({ [config]: collectorText('5s', 'kafka') });
  const { description } = await service.status(lacking, 'muster/fleet', 'failure');
  expect(description).toBe('1 held: lacks a component');
  expect(await detail()).toMatchObject({
    delivery: 'held',
    reason: expect.stringContaining('exporter/kafka'),
  });

  const { fingerprint } = (await detail()).connection.certificate ?? {};
  expect(offered.certificate).not.toBeNull();
  service.repo.commit(acmeFiles(`revoked: [${fingerprint}]`));
  await service.agent(({ connected }) => !connected);
});
