import { describe, expect, it } from 'vitest';
import { sumCounts } from '../../../src/fleet/index.ts';
import { createMetrics, type MetricSources } from '../../../src/http-api/index.ts';

const none = sumCounts([]);

function start(over: Partial<MetricSources> = {}) {
  return createMetrics({
    counts: () => none,
    tenants: () => [],
    problems: () => ({ errors: 0, warnings: 0 }),
    lastPollAt: () => undefined,
    leads: () => true,
    storeWaiting: () => 0,
    owed: () => [],
    now: () => 60_000,
    ...over,
  });
}

describe('the metrics', () => {
  it('have series of their own for the largest tenants only, and forget tenants that went', async () => {
    let tenants = Array.from({ length: 2_000 }, (_, index) => ({
      tenant: `t${index}`,
      agents: { ...none, matched: index },
    }));
    const metrics = start({ tenants: () => tenants });
    const matched = (text: string) =>
      text.match(/^muster_tenant_agents\{tenant="t\d+",fact="matched"\}/gm) ?? [];
    const first = await metrics.text();
    expect(matched(first)).toHaveLength(200);
    expect(first).toContain('muster_tenant_agents{tenant="t1999",fact="matched"} 1999');
    tenants = tenants.slice(0, 3);
    expect(matched(await metrics.text())).toHaveLength(3);
  });

  it('say how long the oldest status waits', async () => {
    const owed = [{ name: 'github', outstanding: 2, oldestSince: 15_000 }];
    const text = await start({ owed: () => owed }).text();
    expect(text).toContain('muster_outbox_owed{destination="github"} 2');
    expect(text).toContain('muster_outbox_oldest_seconds{destination="github"} 45');
  });

  it('say when the repo was read, and 0 where it never was', async () => {
    const line = async (at: number | undefined) =>
      /^muster_git_last_success_timestamp_seconds (.*)$/m.exec(
        await start({ lastPollAt: () => at }).text(),
      )?.[1];
    expect([await line(undefined), await line(5_000)]).toEqual(['0', '5']);
  });
});
