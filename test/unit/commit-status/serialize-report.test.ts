import { describe, expect, it } from 'vitest';
import { serializeReport } from '../../../src/commit-status/index.ts';
import type { FleetReport, ReportedAgent, StatusState } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';
import { counts, sha } from './summaries.ts';

const read = ({ text }: { readonly text: string }) => JSON.parse(text) as FleetReport;
const hex = (seed: number) => seed.toString(16).padStart(64, '0');

function agent(index: number, some: Partial<ReportedAgent> = {}): ReportedAgent {
  return {
    uid: `01936f2e-8c1a-7b42-9d55-${String(index).padStart(12, '0')}`,
    tenant: `t${index % 3}`,
    config: 'edge',
    delivery: 'applied',
    sync: 'Synced',
    health: 'Healthy',
    desiredHash: hex(1),
    appliedHash: hex(1),
    effectiveHash: hex(index % 5),
    ...some,
  };
}

function report(agents: readonly ReportedAgent[], tenants = 3, configBytes = 10): FleetReport {
  const names = Array.from({ length: tenants }, (_, index) => `t${index}`);
  const failed = (name: string) => agents.filter((one) => one.tenant === name && one.delivery === 'failed');
  const toTenant = (name: string) => ({
    state: (failed(name).length > 0 ? 'failure' : 'success') as StatusState,
    description: `${failed(name).length} failed`.padEnd(140, '.'),
    agents: counts({ matched: agents.length }),
    failures: failed(name).map(({ uid }) => ({ uid, host: 'web-1', reason: 'unhealthy' })),
  });
  return {
    version: 1,
    revision: sha,
    state: 'success',
    observedAt: '2026-11-22T11:00:00Z',
    tenants: Object.fromEntries(names.map((name) => [name, toTenant(name)])),
    agents,
    effectiveConfigs: Object.fromEntries([0, 1, 2, 3, 4].map((seed) => [hex(seed), 'x'.repeat(configBytes)])),
  };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => agent(index));

describe('serializeReport', () => {
  it('keeps a small report whole and legible', () => {
    const input = report(many(3));
    const written = serializeReport(input);
    expect(read(written)).toEqual(input);
    expect(written.text.split('\n').length).toBeGreaterThan(11);
  });

  it('writes the same bytes whatever the order in memory', () => {
    const input = report(many(6));
    const shuffled: FleetReport = {
      effectiveConfigs: Object.fromEntries(Object.entries(input.effectiveConfigs).reverse()),
      agents: [...input.agents].reverse(),
      tenants: Object.fromEntries(Object.entries(input.tenants).reverse()),
      observedAt: input.observedAt,
      state: input.state,
      revision: input.revision,
      version: 1,
    };
    expect(serializeReport(shuffled)).toEqual(serializeReport(input));
  });

  it('cuts to failures and one sample per distinct config', () => {
    const agents = many(5_000).map((one, index) =>
      index % 500 === 7 ? { ...one, delivery: 'failed' as const } : one,
    );
    const cut = read(serializeReport(report(agents)));
    expect(cut.truncated).toBe(true);
    expect(Object.keys(cut.tenants)).toHaveLength(3);
    expect(cut.agents.filter(({ delivery }) => delivery === 'failed')).toHaveLength(10);
    expect(cut.agents.filter(({ delivery }) => delivery !== 'failed')).toHaveLength(15);
    expect(Object.keys(cut.effectiveConfigs)).toHaveLength(5);
  });

  it('drops effective configs before agents, and tenants last', () => {
    const cut = read(serializeReport(report(many(500), 3, 40_000)));
    expect(Object.keys(cut.tenants)).toHaveLength(3);
    expect(cut.agents).toHaveLength(15);
    expect(Object.keys(cut.effectiveConfigs)).toHaveLength(1);
  });

  it('keeps failing tenants where not all fit', () => {
    const agents = [agent(1, { tenant: 't1999', delivery: 'failed' })];
    const cut = read(serializeReport(report(agents, 2_000)));
    expect(cut.tenants.t1999?.failures).toHaveLength(1);
    expect(Object.keys(cut.tenants).length).toBeLessThan(2_000);
  });

  it('is JSON within the limit, for any size and text', () => {
    const anyAgents = fc.array(
      fc.record({
        uid: fc.string({ maxLength: 40 }),
        tenant: fc.constantFrom('t0', 't1', '__proto__'),
        delivery: fc.constantFrom('applied', 'failed', 'pending'),
        text: fc.string({ unit: 'grapheme', maxLength: 200 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(anyAgents, fc.integer({ min: 400, max: 20_000 }), (parts, limit) => {
        const agents = parts.map(({ text, ...rest }) => agent(0, { ...rest, config: text }));
        const written = serializeReport(report(agents), limit);
        expect(Buffer.byteLength(written.text)).toBeLessThanOrEqual(limit);
        const { truncated, agents: kept } = read(written);
        expect(truncated === true || kept.length === agents.length).toBe(true);
      }),
    );
  });
});

describe('the digest of a report', () => {
  it.each([3, 5_000])('ignores the time of observation and nothing else, with %i agents', (count) => {
    const agents = many(count);
    const input = report([{ ...agent(0), delivery: 'failed' }, ...agents.slice(1)]);
    const digestOf = (some: Partial<FleetReport>) => serializeReport({ ...input, ...some }).digest;
    expect(digestOf({ observedAt: '2030-01-01T00:00:00Z' })).toBe(digestOf({}));
    expect(digestOf({ state: 'failure' })).not.toBe(digestOf({}));
    expect(digestOf({ agents: input.agents.slice(1) })).not.toBe(digestOf({}));
  });
});
