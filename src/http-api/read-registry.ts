import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import type { HistogramPoint, Labels, Measurement } from '../runtime/index.ts';

type Series = MetricObjectWithValues<MetricValue<string> & { readonly metricName?: string }>;

/** Everything that a registry holds, as plain values; summaries, of which there are none, are left out. */
export async function readRegistry(registry: Registry): Promise<readonly Measurement[]> {
  const all = (await registry.getMetricsAsJSON()) as readonly Series[];
  return all.flatMap((series): readonly Measurement[] => {
    const { name, help, values } = series;
    // Its declaration says a number, and it is a word.
    const kind = String(series.type);
    if (kind === 'histogram') return [{ name, help, kind, points: readHistograms(values) }];
    if (kind !== 'counter' && kind !== 'gauge') return [];
    return [
      { name, help, kind, points: values.map(({ labels, value }) => ({ labels: cut(labels), value })) },
    ];
  });
}

interface Growing {
  readonly labels: Labels;
  sum: number;
  count: number;
  /** Upper bound and how many lie below it. */
  readonly below: [bound: number, count: number][];
}

/** Buckets, sum and count come as values of their own; those of one histogram share all labels but `le`. */
function readHistograms(values: Series['values']): readonly HistogramPoint[] {
  const found = new Map<string, Growing>();
  for (const { labels, value, metricName = '' } of values) {
    const { le, ...own } = labels as Record<string, string | number>;
    const key = JSON.stringify(own);
    const point = found.get(key) ?? { labels: own, sum: 0, count: 0, below: [] };
    found.set(key, point);
    if (metricName.endsWith('_sum')) point.sum = value;
    else if (metricName.endsWith('_count')) point.count = value;
    else if (le !== '+Inf') point.below.push([Number(le), value]);
  }
  return [...found.values()].map(toPoint);
}

/** Prometheus counts what lies below each bound, OpenTelemetry what lies between two. */
function toPoint({ labels, sum, count, below }: Growing): HistogramPoint {
  const reached = [...below.map(([, so]) => so), count];
  return {
    ...{ labels, sum, count },
    bounds: below.map(([bound]) => bound),
    counts: reached.map((so, index) => so - (reached[index - 1] ?? 0)),
  };
}

function cut(labels: Partial<Record<string, string | number>>): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined)) as Labels;
}
