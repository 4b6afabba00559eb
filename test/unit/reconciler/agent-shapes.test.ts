import { describe, expect, it } from 'vitest';
import { type AgentReport, agentCapability, type ReportedFile } from '../../../src/model/index.ts';
import { descriptionOf, fullCapabilities, healthOf, uidOf } from '../../support/agents.ts';
import { oneTenant } from '../../support/service.ts';
import { createTestReconciler } from '../../support/test-reconciler.ts';

const uid = uidOf(7);
const capabilities = fullCapabilities | agentCapability.reportsAvailableComponents;
const hello: Partial<AgentReport> = {
  uid,
  sequence: 0,
  capabilities,
  description: descriptionOf({ 'service.name': 'otelcol', 'host.name': 'web-1' }),
  health: healthOf(true),
  availableComponentsHash: 'b1',
};
const everything = [
  'receiver/otlp',
  'processor/batch',
  'exporter/debug',
  'exporter/otlp',
  'exporter/otlphttp',
];

describe('available components', () => {
  it('C-AC-1 [S] are asked for once per unknown hash, and an offer waits for the answer', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    expect(test.receive(hello)).toMatchObject({ reportAvailableComponents: true });
    const second = test.receive({ ...hello, uid: uidOf(8) }, { id: 'c2', transport: 'ws' });
    expect(second.reportAvailableComponents).toBeUndefined();
    await test.reconciler.idle();
    expect(test.pushed).toEqual([]);
    const listed = { availableComponentsHash: 'b1', availableComponents: everything };
    const reply = test.receive({ uid, sequence: 1, capabilities, ...listed });
    expect(reply.offer).toBeDefined();
    expect(
      test.receive({ uid, sequence: 2, capabilities, availableComponentsHash: 'b1' }),
    ).not.toHaveProperty('reportAvailableComponents');
  });

  it('do not hold up an agent that never answers', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    test.receive(hello);
    await test.reconciler.idle();
    expect(test.pushed).toEqual([]);
    await test.pass(11_000, 11);
    expect(test.pushed).toHaveLength(1);
  });

  it('hold a config that the build cannot run, with the reason in the status, until the build can', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    test.receive(hello);
    await test.reconciler.idle();
    const poor = { availableComponentsHash: 'b1', availableComponents: ['receiver/otlp', 'exporter/debug'] };
    expect(test.receive({ uid, sequence: 1, capabilities, ...poor }).offer).toBeUndefined();
    await test.reconciler.idle();
    expect(test.pushed).toEqual([]);
    expect(test.reconciler.world.registry.get(uid)?.facts).toMatchObject({
      delivery: 'held',
      reason: 'its build lacks processor/batch',
    });
    expect(test.standing(sha).get('muster/fleet')).toMatchObject({ state: 'failure' });
    const rich = { availableComponentsHash: 'b2', availableComponents: everything };
    expect(test.receive({ uid, sequence: 2, capabilities, ...rich }).offer).toBeDefined();
  });

  it('hold an agent that lacks what requires.components names', async () => {
    const test = createTestReconciler();
    const manifest = `${oneTenant['edge.yaml']}requires: {components: [extension/file_storage]}\n`;
    await test.commit({ ...oneTenant, 'edge.yaml': manifest });
    test.receive(hello);
    test.receive({
      uid,
      sequence: 1,
      capabilities,
      availableComponentsHash: 'b1',
      availableComponents: everything,
    });
    await test.reconciler.idle();
    expect(test.reconciler.world.registry.get(uid)?.facts.reason).toBe(
      'its build lacks extension/file_storage',
    );
  });

  it('of one tenant say nothing about the builds of another', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    const { components } = test.reconciler.world;
    const report = { ...hello, availableComponents: ['receiver/otlp'] } as AgentReport;
    components.take('hostile', report);
    expect(components.of({ tenant: 'hostile', componentsHash: 'b1' })?.size).toBe(1);
    expect(components.of({ tenant: 'default', componentsHash: 'b1' })).toBeUndefined();
  });
});

const resource = (name: string) => `apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata:
  name: ${name}
  namespace: otel
  labels: {opentelemetry.io/opamp-managed: "true"}
spec:
  config:
    receivers: {otlp: {protocols: {grpc: {}}}}
    exporters: {debug: {}}
    service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
`;
const bridgeRepo = (extra = '') => ({
  'bridge.yaml': `kind: AgentConfig
type: otelcol-cr
selector: {}
rollout: immediate
files:
  otel/gateway: gateway.yaml
${extra}`,
  'gateway.yaml': resource('gateway'),
});
const file = (key: string, body = ''): ReportedFile => ({
  key,
  contentType: 'yaml',
  body: new TextEncoder().encode(body),
});
const bridgeHello: Partial<AgentReport> = {
  uid,
  sequence: 0,
  description: descriptionOf({
    'service.name': 'io.opentelemetry.operator-opamp-bridge',
    'host.name': 'cluster-1',
  }),
  health: healthOf(true),
};

describe('a bridge', () => {
  it('is offered nothing before it has reported its effective config', async () => {
    const test = createTestReconciler();
    await test.commit(bridgeRepo());
    expect(test.receive(bridgeHello).offer).toBeUndefined();
    await test.pass(30_000, 30);
    expect(test.pushed).toEqual([]);
    test.receive({
      uid,
      sequence: 1,
      effectiveConfig: { files: [file('otel/gateway', resource('gateway'))] },
    });
    await test.reconciler.idle();
    await test.pass(1_000);
    expect(
      test.pushed.length + Number(test.reconciler.world.registry.get(uid)?.agent.offered !== undefined),
    ).toBeGreaterThan(0);
  });

  it('is offered its first resources once it has told that the cluster holds none', async () => {
    const test = createTestReconciler();
    await test.commit(bridgeRepo());
    test.receive(bridgeHello);
    test.receive({ uid, sequence: 1, effectiveConfig: { files: [] } });
    await test.pass(1_000);
    expect(test.reconciler.world.registry.get(uid)?.agent.offered).toBeDefined();
  });

  it('keeps what an offer would delete, unless the AgentConfig lists it', async () => {
    const test = createTestReconciler();
    await test.commit(bridgeRepo());
    test.receive(bridgeHello);
    const files = [file('otel/gateway'), file('otel/by-hand')];
    test.receive({ uid, sequence: 1, effectiveConfig: { files } });
    await test.pass(1_000);
    expect(test.reconciler.world.registry.get(uid)?.facts).toMatchObject({
      delivery: 'held',
      reason: 'it would delete otel/by-hand; add it to the config or list it under delete:',
    });
    await test.commit(bridgeRepo('delete: [otel/by-hand]\n'));
    expect(test.reconciler.world.registry.get(uid)?.agent.offered).toBeDefined();
  });

  it('C-ID-6 [I] that starts again under another uid is still refused what it refused', async () => {
    const test = createTestReconciler();
    await test.commit(bridgeRepo());
    const files = [file('otel/gateway', resource('gateway'))];
    test.receive(bridgeHello);
    test.receive({ uid, sequence: 1, effectiveConfig: { files } });
    await test.pass(1_000);
    const hash = test.reconciler.world.registry.get(uid)?.agent.offered?.hash;
    expect(hash).toBeDefined();
    const refused = {
      hash: hash ?? ('' as const),
      state: 'failed' as const,
      errorMessage: 'no such namespace',
    };
    test.receive({ uid, sequence: 2, remoteConfigStatus: refused });
    test.reconciler.disconnected([uid], { id: 'c1' });
    const offers = test.pushed.length;
    const reborn = uidOf(8);
    const session = { id: 'c2', transport: 'ws' as const };
    test.receive({ ...bridgeHello, uid: reborn, effectiveConfig: { files } }, session);
    await test.pass(1_000);
    expect(test.pushed).toHaveLength(offers);
    expect(test.reconciler.world.registry.get(uid)).toBeUndefined();
    expect(test.reconciler.world.registry.get(reborn)?.facts.delivery).toBe('failed');
  });

  it('counts as ill as the worst of what it runs', async () => {
    const test = createTestReconciler();
    await test.commit(bridgeRepo());
    const pod = { ...healthOf(false, 'CrashLoopBackOff'), components: new Map() };
    const pool = { ...healthOf(true), components: new Map([['otel/gateway-0', pod]]) };
    test.receive({
      ...bridgeHello,
      health: { ...healthOf(true), components: new Map([['otel/gateway', pool]]) },
    });
    expect(test.reconciler.world.registry.get(uid)?.agent.health).toMatchObject({ healthy: false });
    expect(test.reconciler.world.registry.get(uid)?.agent.health?.lastError).toContain('CrashLoopBackOff');
  });
});

describe('autoscaled pods', () => {
  it('C-ID-6 [I] that were replaced within an hour leave no trace a day later', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    const removed: string[] = [];
    const { world } = test.reconciler;
    for (let number = 100; number < 600; number += 1) {
      const pod = uidOf(number);
      const session = { id: `c${number}`, transport: number % 2 === 0 ? ('ws' as const) : ('http' as const) };
      test.receive({ ...hello, uid: pod, capabilities: fullCapabilities }, session);
      test.clock.advance(7_200);
      if (number % 3 === 0) test.receive({ uid: pod, sequence: 1, disconnect: true }, session);
      else if (number % 2 === 0) test.reconciler.disconnected([pod], session);
      removed.push(pod);
    }
    await test.reconciler.idle();
    expect(world.registry.size).toBe(500);
    // Silence counts from when it is noticed, and forgetting from then.
    await test.pass(200_000, 200);
    await test.pass(86_400_000 + 60_000, 4);
    expect(world.registry.size).toBe(0);
    for (const left of [world.nudged, world.frozen, world.repliesDue, world.identities, world.reopened])
      expect('size' in left ? left.size : left.length).toBe(0);
    expect([...world.registry.tenants()]).toEqual([]);
  });
});
