import { describe, expect, it } from 'vitest';
import { serializeReport } from '../../../src/commit-status/index.ts';
import type { FleetReport, ReportedAgent, StatusState } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';
import { counts, sha } from './summaries.ts';

const breathe = async () => {};
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
  it('keeps a small report whole and legible', async () => {
    const input = report(many(3));
    const written = await serializeReport(input, breathe);
    expect(read(written)).toEqual(input);
    expect(written.text.split('\n').length).toBeGreaterThan(11);
  });

  it('writes the same bytes whatever the order in memory', async () => {
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
    expect(await serializeReport(shuffled, breathe)).toEqual(await serializeReport(input, breathe));
  });

  it('cuts to failures and one sample per distinct config', async () => {
    const agents = many(5_000).map((one, index) =>
      index % 500 === 7 ? { ...one, delivery: 'failed' as const } : one,
    );
    const cut = read(await serializeReport(report(agents), breathe));
    expect(cut.truncated).toBe(true);
    expect(Object.keys(cut.tenants)).toHaveLength(3);
    expect(cut.agents.filter(({ delivery }) => delivery === 'failed')).toHaveLength(10);
    expect(cut.agents.filter(({ delivery }) => delivery !== 'failed')).toHaveLength(15);
    expect(Object.keys(cut.effectiveConfigs)).toHaveLength(5);
  });

  it('names the first of more failures than there is room for, and looks at them in slices', async () => {
    const agents = many(9_000).map((one) => ({ ...one, tenant: 't0', delivery: 'failed' as const }));
    let slices = 0;
    const written = await serializeReport(report([...agents].reverse(), 1), async () => void (slices += 1));
    const { agents: kept } = read(written);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.map(({ uid }) => uid)).toEqual(agents.slice(0, kept.length).map(({ uid }) => uid));
    expect(slices).toBe(9);
  });

  it('drops effective configs before agents, and tenants last', async () => {
    const cut = read(await serializeReport(report(many(500), 3, 40_000), breathe));
    expect(Object.keys(cut.tenants)).toHaveLength(3);
    expect(cut.agents).toHaveLength(15);
    expect(Object.keys(cut.effectiveConfigs)).toHaveLength(1);
  });

  it('keeps failing tenants where not all fit', async () => {
    const agents = [agent(1, { tenant: 't1999', delivery: 'failed' })];
    const cut = read(await serializeReport(report(agents, 2_000), breathe));
    expect(cut.tenants.t1999?.failures).toHaveLength(1);
    expect(Object.keys(cut.tenants).length).toBeLessThan(2_000);
  });

  it('is JSON within the limit, for any size and text', async () => {
    const anyAgents = fc.array(
      fc.record({
        uid: fc.string({ maxLength: 40 }),
        tenant: fc.constantFrom('t0', 't1', '__proto__'),
        delivery: fc.constantFrom('applied', 'failed', 'pending'),
        text: fc.string({ unit: 'grapheme', maxLength: 200 }),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(anyAgents, fc.integer({ min: 400, max: 20_000 }), async (parts, limit) => {
        const agents = parts.map(({ text, ...rest }) => agent(0, { ...rest, config: text }));
        const written = await serializeReport(report(agents), breathe, limit);
        expect(Buffer.byteLength(written.text)).toBeLessThanOrEqual(limit);
        const { truncated, agents: kept } = read(written);
        expect(truncated === true || kept.length === agents.length).toBe(true);
      }),
    );
  });
});

describe('the digest of a report', () => {
  it.each([3, 5_000])('ignores the time of observation and nothing else, with %i agents', async (count) => {
    const agents = many(count);
    const input = report([{ ...agent(0), delivery: 'failed' }, ...agents.slice(1)]);
    const digestOf = async (some: Partial<FleetReport>) =>
      (await serializeReport({ ...input, ...some }, breathe)).digest;
    expect(await digestOf({ observedAt: '2030-01-01T00:00:00Z' })).toBe(await digestOf({}));
    expect(await digestOf({ state: 'failure' })).not.toBe(await digestOf({}));
    expect(await digestOf({ agents: input.agents.slice(1) })).not.toBe(await digestOf({}));
  });
});
