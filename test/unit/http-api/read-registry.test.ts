import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { readRegistry } from '../../../src/http-api/read-registry.ts';
import { toMetricData } from '../../../src/runtime/telemetry/to-metric-data.ts';

it('reads counters, gauges and histograms, whose buckets no longer hold each other', async () => {
  const registers = [new Registry()];
  new Counter({ name: 'muster_events_total', help: 'Events', labelNames: ['kind'], registers }).inc(
    { kind: 'a' },
    3,
  );
  new Gauge({ name: 'muster_leads', help: 'Leads', registers }).set(1);
  const passes = new Histogram({
    ...{ name: 'muster_pass_seconds', help: 'Passes', labelNames: ['outcome'], buckets: [0.1, 1], registers },
  });
  for (const seconds of [0.05, 0.1, 0.5, 7]) passes.observe({ outcome: 'done' }, seconds);
  passes.observe({ outcome: 'failed' }, 2);
  const [registry = new Registry()] = registers;
  const measured = await readRegistry(registry);
  expect(measured).toEqual([
    {
      ...{ name: 'muster_events_total', help: 'Events', kind: 'counter' },
      points: [{ labels: { kind: 'a' }, value: 3 }],
    },
    { name: 'muster_leads', help: 'Leads', kind: 'gauge', points: [{ labels: {}, value: 1 }] },
    {
      ...{ name: 'muster_pass_seconds', help: 'Passes', kind: 'histogram' },
      points: [
        { labels: { outcome: 'done' }, count: 4, sum: 7.65, bounds: [0.1, 1], counts: [2, 1, 1] },
        { labels: { outcome: 'failed' }, count: 1, sum: 2, bounds: [0.1, 1], counts: [0, 0, 1] },
      ],
    },
  ]);
  const data = measured.map((one) => toMetricData(one, 1_000, 2_500));
  expect(data.map(({ descriptor }) => descriptor.unit)).toEqual(['', '', 's']);
  expect(data[0]).toMatchObject({
    isMonotonic: true,
    dataPoints: [{ startTime: [1, 0], endTime: [2, 5e8], value: 3 }],
  });
});
