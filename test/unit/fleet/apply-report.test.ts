import { describe, expect, it } from 'vitest';
import { applyReport, type ReportContext } from '../../../src/fleet/index.ts';
import type { AgentReport, AgentState, ComponentHealth } from '../../../src/model/index.ts';
import { descriptionOf, fullCapabilities, hashOf, healthOf, reportOf } from '../../support/agents.ts';

function context(now = 1_000): ReportContext {
  return {
    now,
    tenant: 'acme',
    credential: 'edge',
    connection: 'c1',
    transport: 'ws',
    secure: true,
    judgeHealth: (health: ComponentHealth) => health,
    fullStateEveryMs: 30_000,
    describe: (report) => ({
      labels: new Map((report.description?.identifying ?? []).map(({ key, value }) => [key, String(value)])),
      type: 'otelcol',
    }),
  };
}

const described = reportOf({
  description: descriptionOf({ 'service.name': 'otelcol', 'service.version': '0.159.0' }),
});

function run(reports: readonly AgentReport[], everyMs = 1_000): { agent: AgentState; asks: boolean[] } {
  let agent: AgentState | undefined;
  const asks = reports.map((report, index) => {
    const applied = applyReport(agent, report, context(1_000 + index * everyMs));
    agent = applied.agent;
    return applied.askFullState;
  });
  return { agent: agent as AgentState, asks };
}

describe('C-STAT: merged state and sequence numbers', () => {
  it('C-STAT-1 [M] omitted parts stay, C-STAT-5 [I] present parts replace', () => {
    const { agent } = run([
      { ...described, health: healthOf(true) },
      reportOf({
        sequence: 1,
        remoteConfigStatus: { hash: hashOf('a'), state: 'applied', errorMessage: '' },
      }),
      reportOf({ sequence: 2, health: healthOf(false, 'x') }),
    ]);
    expect(agent.health?.lastError).toBe('x');
    expect(agent.remoteConfigStatus?.hash).toBe(hashOf('a'));
    expect(agent.labels.get('service.name')).toBe('otelcol');
  });

  it('keeps the labels of a description that says the same again, so that nobody takes them for new ones', () => {
    const again = { ...described, sequence: 0 };
    const other = reportOf({
      description: descriptionOf({ 'service.name': 'otelcol', 'service.version': '0.160.0' }),
    });
    const { labels } = run([described]).agent;
    const next = (agent: AgentState, report: AgentReport) => applyReport(agent, report, context()).agent;
    const known = { ...run([described]).agent, labels };
    expect(next(known, again).labels).toBe(labels);
    expect(next(known, other).labels.get('service.version')).toBe('0.160.0');
  });

  it.each([
    ['gap', 5],
    ['repeat', 0],
    ['regress', 0],
  ])('C-STAT-2 [M] a %s in the sequence asks for the full state', (_name, sequence) => {
    const { asks } = run([described, reportOf({ sequence: 1 }), reportOf({ sequence })]);
    expect(asks).toEqual([false, false, true]);
  });

  it('C-STAT-3 [M] an agent of unknown state is asked, and nothing is known of it until it answers', () => {
    const { agent, asks } = run([reportOf({ sequence: 7 })]);
    expect(asks).toEqual([true]);
    expect(agent.described).toBe(false);
  });

  it('C-STAT-4 [I] a process that starts again with its full state is not asked', () => {
    const { agent, asks } = run([
      {
        ...described,
        health: healthOf(true),
        remoteConfigStatus: { hash: hashOf('a'), state: 'applied', errorMessage: '' },
      },
      reportOf({ sequence: 1 }),
      described,
    ]);
    expect(asks).toEqual([false, false, false]);
    expect(agent.remoteConfigStatus, 'what the new process did not report is unknown').toBeUndefined();
  });

  it('C-STAT-7 [I] a client that never complies is asked once per interval', () => {
    const silent = Array.from({ length: 61 }, (_, index) => reportOf({ sequence: 10 + index }));
    expect(run(silent).asks.filter(Boolean)).toHaveLength(3);
  });

  it('C-STAT-9 [I] capabilities 0 means "not stated"', () => {
    const { agent } = run([described, reportOf({ sequence: 1, capabilities: 0 })]);
    expect(agent.capabilities).toBe(fullCapabilities);
  });

  it('C-DIS-3 [I] the sequence goes on after a goodbye', () => {
    const { agent, asks } = run([
      described,
      reportOf({ sequence: 1, disconnect: true }),
      reportOf({ sequence: 2 }),
    ]);
    expect(asks).toEqual([false, false, false]);
    expect(agent.connected).toBe(true);
    expect(agent.saidGoodbye).toBe(false);
  });
});

describe('failure ledger', () => {
  const failed = reportOf({
    sequence: 1,
    remoteConfigStatus: { hash: hashOf('b'), state: 'failed', errorMessage: 'exit code 1' },
  });

  it('keeps a hash that the agent reported FAILED, through a roll back of its own', () => {
    const { agent } = run([
      described,
      failed,
      reportOf({
        sequence: 2,
        remoteConfigStatus: { hash: hashOf('a'), state: 'applied', errorMessage: '' },
      }),
    ]);
    expect(agent.failedHashes.map(({ hash }) => hash)).toEqual([hashOf('b')]);
  });

  it('ends an entry when the hash is later applied and healthy', () => {
    const { agent } = run([
      described,
      failed,
      reportOf({ sequence: 2, health: healthOf(true) }),
      reportOf({
        sequence: 3,
        remoteConfigStatus: { hash: hashOf('b'), state: 'applied', errorMessage: '' },
      }),
    ]);
    expect(agent.failedHashes).toEqual([]);
  });

  it('ends an entry when the agent changes version', () => {
    const upgraded = reportOf({
      sequence: 2,
      description: descriptionOf({ 'service.name': 'otelcol', 'service.version': '0.160.0' }),
      remoteConfigStatus: { hash: hashOf('a'), state: 'applied', errorMessage: '' },
    });
    expect(run([described, failed, upgraded]).agent.failedHashes).toEqual([]);
  });

  it('survives a restart of the agent', () => {
    expect(run([described, failed, described]).agent.failedHashes).toHaveLength(1);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      reportOf({
        sequence: index + 1,
        remoteConfigStatus: {
          hash: `${index}`.padStart(64, '0') as never,
          state: 'failed',
          errorMessage: '',
        },
      }),
    );
    expect(run([described, ...many]).agent.failedHashes).toHaveLength(16);
  });
});
