import { describe, expect, it } from 'vitest';
import type { AgentReport } from '../../../src/model/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { connectRawAgent, type RawAgent } from '../../support/raw-agent.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

const uid = uidOf(7);
const attributes = { 'service.name': 'otelcol', 'host.name': 'web-1' };
const hello: Partial<AgentReport> = {
  uid,
  sequence: 0,
  description: descriptionOf(attributes),
  health: healthOf(true),
};

/** Takes the offer over, and reports `config` as what runs. */
async function apply(agent: RawAgent, config: string, sequence = 1) {
  const hash = await agent.offer(1);
  await agent.send({
    uid,
    sequence,
    remoteConfigStatus: { hash, state: 'applied', errorMessage: '' },
    effectiveConfig: {
      files: [{ key: '', contentType: 'text/yaml', body: new TextEncoder().encode(config) }],
    },
  });
}

describe('the whole service towards one agent', () => {
  it('C-STAT-6 [I] what a full report leaves out is unknown, and is not asked for again and again', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    expect((await agent.send({ uid, sequence: 9 })).reportFullState).toBe(true);
    const { health: _, ...withoutHealth } = hello;
    await agent.send({ ...withoutHealth, sequence: 10 });
    for (let sequence = 11; sequence < 30; sequence += 1)
      expect((await agent.send({ uid, sequence })).reportFullState).toBe(false);
    expect((await service.agents())[0]?.health).not.toBe('Healthy');
  });

  it('C-STAT-8 [I] the sequence goes on over a new connection', async () => {
    await using service = await startTestService({ files: oneTenant });
    const first = await connectRawAgent(service.app().opampUrl);
    await first.send(hello);
    await first.close();
    await using second = await connectRawAgent(service.app().opampUrl);
    expect((await second.send({ uid, sequence: 1 })).reportFullState).toBe(false);
    await second.send({ uid, sequence: 5 });
    // The config that it is still due may come in between.
    await eventually(() => second.received.find(({ reportFullState }) => reportFullState));
  });

  it('C-ID-5 [I] an agent that asks for a uid after each of its starts is given one each time', async () => {
    await using service = await startTestService({ files: oneTenant });
    const given = new Set<string>();
    for (let start = 0; start < 3; start += 1) {
      await using agent = await connectRawAgent(service.app().opampUrl);
      const answer = await agent.send({ ...hello, uid: uidOf(100 + start), requestsUid: true });
      given.add(answer.newUid ?? '');
      await agent.send({ ...hello, uid: answer.newUid ?? uid, sequence: 1 });
    }
    expect(given.size).toBe(3);
    expect([...given].every((one) => /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(one))).toBe(true);
    await eventuallyHolds(async () => expect(await service.agents('connected=true')).toEqual([]));
  });

  it('C-EC-2 [P] desired is looked for in effective: order, defaults and masks are no drift', async () => {
    const files = { ...oneTenant, 'edge/collector.yaml': `${collectorText()}extensions: {}\n` };
    await using service = await startTestService({ files });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send(hello);
    await apply(
      agent,
      `service:
  telemetry: {logs: {level: INFO}}
  extensions: [opamp]
  pipelines:
    traces:
      exporters: [debug]
      processors: [batch]
      receivers: [otlp]
exporters: {debug: {verbosity: Basic, sampling_initial: 2}}
extensions: {opamp: {server: {ws: {headers: "[REDACTED]"}}}}
processors:
  batch: {timeout: 5000000000, send_batch_size: 8192}
receivers:
  otlp: {protocols: {grpc: {endpoint: localhost:4317, max_recv_msg_size_mib: 4}}}
`,
    );
    await eventuallyHolds(async () => expect(await service.agents()).toMatchObject([{ sync: 'Synced' }]));
  });

  it('C-EC-3 [P] a secret in an effective config is masked before anything keeps it', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send(hello);
    await apply(
      agent,
      `${collectorText()}extensions: {basicauth: {client_auth: {password: hunter2-hunter2}}}\n`,
    );
    await eventuallyHolds(async () =>
      expect((await service.agentDetail(uid)).effectiveConfig).toContain('[REDACTED]'),
    );
    const detail = JSON.stringify(await service.agentDetail(uid));
    expect(detail).not.toContain('hunter2');
  });

  it('C-H-3 [I] health that is declared and not reported is unknown, and no success', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    const { health: _, ...withoutHealth } = hello;
    await agent.send(withoutHealth);
    await apply(agent, collectorText());
    await eventuallyHolds(async () =>
      expect(await service.agents()).toMatchObject([{ delivery: 'applied', health: 'Unknown' }]),
    );
    const sha = service.repo.git('rev-parse', 'HEAD');
    await service.status(sha, 'muster/fleet', 'pending');
    await agent.send({ uid, sequence: 2, health: healthOf(true) });
    await service.status(sha, 'muster/fleet', 'success');
  });
});
