import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instanceUid } from '../../../src/model/index.ts';
import { createManualClock, createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import {
  createSimulatedAgent,
  createSimulatedFleet,
  type SimulatedAgent,
  type SimulatedAgentOptions,
} from '../../../src/simulator/index.ts';
import { eventually } from '../../support/eventually.ts';
import { rendered, type Script, startScriptedServer } from '../../support/scripted-opamp-server.ts';

const good = rendered('receivers:\n  otlp: {}\nservice:\n  pipelines:\n    traces: {}\n');
const better = rendered('receivers:\n  otlp: {}\nprocessors:\n  batch: {}\n');
const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
const decoder = new TextDecoder();

let script: Script;
let agents: SimulatedAgent[];

beforeEach(async () => {
  script = await startScriptedServer();
  agents = [];
});

afterEach(async () => {
  for (const agent of agents) agent.stop({ abrupt: true });
  await script.close();
});

function start(transport: 'ws' | 'http', options: Partial<SimulatedAgentOptions> = {}): SimulatedAgent {
  const pace = { applyDelayMs: 5, pollMs: 20, flapMs: 10, firstRetryMs: 10, longestRetryMs: 20 };
  const attributes = { 'service.name': 'otelcol', 'host.name': 'web-1' };
  const agent = createSimulatedAgent({ url: script[transport], attributes, ...pace, ...options }, deps);
  agents.push(agent);
  return agent;
}

function effectiveTexts(): string[] {
  return script.reports.flatMap(({ effectiveConfig }) =>
    (effectiveConfig?.files ?? []).map(({ body }) => decoder.decode(body)),
  );
}

describe.each(['ws', 'http'] as const)('a simulated agent over %s', (transport) => {
  it('introduces itself in full with sequence number 0, then says only what changed', async () => {
    start(transport);
    await eventually(() => script.reports.length >= 3);
    const [first, ...later] = script.reports;
    expect(first).toMatchObject({
      sequence: 0,
      description: {
        identifying: [{ key: 'service.name', value: 'otelcol' }],
        nonIdentifying: [{ key: 'host.name', value: 'web-1' }],
      },
      remoteConfigStatus: { state: 'unset', hash: '' },
      health: { healthy: true },
    });
    expect(later.map(({ sequence }) => sequence)).toEqual(later.map((_, index) => index + 1));
    expect(later.filter(({ description, health }) => description || health)).toEqual([]);
  });

  it('says APPLYING, then APPLIED with the effective config, once for each hash', async () => {
    script.setTarget(good);
    const agent = start(transport);
    await eventually(() => agent.state().status === 'applied');
    await eventually(() => script.statuses().some(([state]) => state === 'applied'));
    expect(script.statuses()).toEqual([
      ['unset', ''],
      ['applying', good.hash],
      ['applied', good.hash],
    ]);
    expect(effectiveTexts().at(-1)).toContain('pipelines:\n    traces: {}');
    expect(agent.state()).toMatchObject({ connected: true, healthy: true, offers: 1, hash: good.hash });
  });

  it('repeats everything on ReportFullState', async () => {
    start(transport);
    await eventually(() => script.reports.length >= 2);
    script.answerNext({ reportFullState: true });
    await eventually(
      () => script.reports.filter(({ description }) => description !== undefined).length === 2,
    );
    const second = script.reports.findLast(({ description }) => description !== undefined);
    expect(second).toMatchObject({ health: {}, effectiveConfig: {}, remoteConfigStatus: {} });
  });

  it('takes a new uid', async () => {
    const agent = start(transport);
    await eventually(() => script.reports.length >= 1);
    const newUid = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20');
    script.answerNext({ newUid });
    await eventually(() => agent.state().uid === newUid && script.reports.at(-1)?.uid === newUid);
  });

  it('fails with what its collector says, and is well again with the next config', async () => {
    script.setTarget(good);
    const refuse = (text: string) => (text.includes('batch') ? undefined : 'exit code=1');
    const agent = start(transport, { refuse });
    await eventually(() => script.statuses().some(([state]) => state === 'failed'));
    const failed = script.reports.find(({ remoteConfigStatus }) => remoteConfigStatus?.state === 'failed');
    expect(failed).toMatchObject({
      remoteConfigStatus: { errorMessage: 'exit code=1', hash: good.hash },
      health: { healthy: false, lastError: 'exit code=1' },
    });
    script.setTarget(better);
    await eventually(() => agent.state().hash === better.hash && agent.state().status === 'applied');
    expect(agent.state().healthy).toBe(true);
  });

  it('goes on where it stopped when the server comes back', async () => {
    const agent = start(transport);
    await eventually(() => agent.state().connected);
    script.refuseWith(503, 0);
    script.server.closeSessions(() => true, { code: 1001, reason: 'restart' });
    await eventually(() => !agent.state().connected);
    const seen = script.reports.length;
    script.refuseWith(undefined);
    await eventually(() => agent.state().connected && script.reports.length > seen);
    expect(script.reports.slice(seen).every(({ description }) => description === undefined)).toBe(true);
  });

  it('says goodbye when it is stopped', async () => {
    const agent = start(transport);
    await eventually(() => agent.state().connected);
    agent.stop();
    await eventually(() => script.reports.some(({ disconnect }) => disconnect));
  });

  it('reports changed attributes at once', async () => {
    const agent = start(transport, { pollMs: 60_000 });
    await eventually(() => agent.state().connected);
    agent.describe({ 'fleet.role': 'edge' });
    await eventually(() =>
      script.reports.some(({ description }) => description?.nonIdentifying.length === 2),
    );
  });
});

describe('behaviours', () => {
  it('wrong-config: APPLIED and healthy on a no-op config', async () => {
    script.setTarget(good);
    const agent = start('ws', { behaviour: 'wrong-config' });
    await eventually(() => agent.state().status === 'applied');
    await eventually(() => effectiveTexts().length >= 2);
    expect(effectiveTexts().at(-1)).toContain('receivers: [nop]');
    expect(agent.state().healthy).toBe(true);
  });

  it('drift: APPLIED with another value', async () => {
    script.setTarget(rendered('receivers:\n  otlp:\n    max: 10\n'));
    start('ws', { behaviour: 'drift' });
    await eventually(() => effectiveTexts().at(-1)?.includes('max: 11'));
  });

  it('fail: FAILED whatever is offered', async () => {
    script.setTarget(good);
    const agent = start('http', { behaviour: 'fail' });
    await eventually(() => agent.state().status === 'failed');
  });

  it('flap: healthy and unhealthy in turn', async () => {
    script.setTarget(good);
    start('ws', { behaviour: 'flap' });
    const seen = () => script.reports.flatMap(({ health }) => (health ? [health.healthy] : []));
    await eventually(() => seen().filter((healthy) => !healthy).length >= 2);
    expect(seen().at(-1) === seen().at(-2)).toBe(false);
  });

  it.each(['ws', 'http'] as const)('silent over %s: not a word after the offer', async (transport) => {
    const silent = start(transport, { behaviour: 'silent' });
    await eventually(() => script.reports.length >= 2);
    script.setTarget(good);
    const witness = start('ws');
    const { uid } = silent.state();
    await eventually(() => silent.state().offers === 1 && witness.state().status === 'applied');
    const statuses = script.reports.filter((report) => report.uid === uid && report.remoteConfigStatus);
    expect(statuses).toHaveLength(1);
  });
});

describe('a refused agent', () => {
  it.each([
    ['repeats its message after', 503, 0],
    ['drops its message at', 401, 1],
  ] as const)('%s %i', async (_, status, firstSeen) => {
    script.refuseWith(status);
    start('http');
    await eventually(() => script.attempts() >= 1);
    script.refuseWith(undefined);
    await eventually(() => script.reports.length >= 1);
    expect(script.reports[0]!.sequence).toBeGreaterThanOrEqual(firstSeen);
    expect(script.reports[0]!.sequence === 0).toBe(firstSeen === 0);
  });

  it.each(['ws', 'http'] as const)('stays away as long as Retry-After says, over %s', async (transport) => {
    const waits: number[] = [];
    const after = (ms: number, callback: () => void) => {
      waits.push(ms);
      return deps.clock.after(ms, callback);
    };
    script.refuseWith(503, 40);
    const url = script[transport];
    const agent = createSimulatedAgent({ url, attributes: {} }, { ...deps, clock: { ...deps.clock, after } });
    agents.push(agent);
    await eventually(() => waits.length > 0);
    expect(waits).toEqual([40_000]);
  });
});

describe('a fleet', () => {
  it('starts over its ramp, counts, and stops', async () => {
    const clock = createManualClock();
    script.setTarget(good);
    const options = { url: script.ws, attributes: { 'service.name': 'otelcol' }, applyDelayMs: 0 };
    const fleet = createSimulatedFleet(
      { count: 20, rampMs: 1_000, agent: () => options },
      { ...deps, clock },
    );
    expect(fleet.counts().started).toBe(0);
    clock.advance(500);
    expect(fleet.counts().started).toBe(10);
    clock.advance(10_000);
    expect(fleet.counts().started).toBe(20);
    await eventually(() => {
      clock.advance(1);
      return fleet.counts().applied === 20;
    });
    expect(fleet.counts()).toMatchObject({ connected: 20, healthy: 20, failed: 0 });
    fleet.stop();
    await eventually(() => script.server.connectionCount() === 0);
    expect(script.reports.filter(({ disconnect }) => disconnect)).toHaveLength(20);
  });
});
