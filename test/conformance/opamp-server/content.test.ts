import { describe, expect, it } from 'vitest';
import type { ComponentHealth } from '../../../src/model/index.ts';
import { poll, startServer, uidA } from './harness.ts';

function nestedHealth(depth: number): ComponentHealth {
  const leaf = { healthy: true, startTimeUnixNano: 0n, lastError: '', status: 'ok', statusTimeUnixNano: 0n };
  let health: ComponentHealth = { ...leaf, components: new Map() };
  for (let level = 1; level < depth; level += 1)
    health = { ...leaf, components: new Map([['child', health]]) };
  return health;
}

function depthOf(health: ComponentHealth): number {
  return 1 + Math.max(0, ...[...health.components.values()].map(depthOf));
}

describe('effective config and health', () => {
  it('C-EC-1 [I] takes any number of files, an empty key, and no map at all', async () => {
    const harness = await startServer();
    const files = [
      { key: '', contentType: 'text/yaml', body: Buffer.from('a: 1') },
      { key: 'extra', contentType: '', body: Buffer.from([0, 255]) },
    ];
    await poll(harness, { uid: uidA, effectiveConfig: { files } });
    const reported = harness.reports[0]?.report.effectiveConfig?.files ?? [];
    expect(
      reported.map(({ key, contentType, body }) => [key, contentType, Buffer.from(body).toString('hex')]),
    ).toEqual([
      ['', 'text/yaml', '613a2031'],
      ['extra', '', '00ff'],
    ]);
    const withoutMap = Buffer.from(`0a10${uidA.replaceAll('-', '')}3200`, 'hex');
    await poll(harness, withoutMap);
    expect(harness.reports[1]?.report.effectiveConfig).toBeUndefined();
  });

  it('C-H-1 [I] cuts the health tree at 16 levels and refuses one past any reason', async () => {
    const harness = await startServer();
    expect((await poll(harness, { uid: uidA, health: nestedHealth(10) })).status).toBe(200);
    expect((await poll(harness, { uid: uidA, health: nestedHealth(40) })).status).toBe(200);
    expect((await poll(harness, { uid: uidA, health: nestedHealth(500) })).status).toBe(400);
    expect(harness.reports.map(({ report }) => depthOf(report.health!))).toEqual([10, 16]);
  });

  it('C-H-2 [I] keeps status texts and nanosecond times as they are', async () => {
    const harness = await startServer();
    const health: ComponentHealth = {
      healthy: false,
      startTimeUnixNano: 1_763_800_000_123_456_789n,
      lastError: 'connection refused',
      status: 'StatusRecoverableError',
      statusTimeUnixNano: 18_446_744_073_709_551_615n,
      components: new Map([['pipeline:traces', nestedHealth(1)]]),
    };
    await poll(harness, { uid: uidA, health });
    expect(harness.reports[0]?.report.health).toEqual(health);
  });
});
