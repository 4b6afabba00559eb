import { describe, expect, it } from 'vitest';

interface Chart {
  readonly title: string;
  readonly note: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

// The benchmarks are plain JavaScript without types of their own.
const path: string = '../../../bench/harness/chart.mjs';
const { drawChart } = (await import(path)) as { readonly drawChart: (chart: Chart) => string };

const labels = { title: 'a < b', note: '2 cores', xLabel: 'agents', yLabel: 'ms' };

function circles(svg: string): readonly (readonly [number, number])[] {
  return [...svg.matchAll(/<circle cx="([^"]+)" cy="([^"]+)" r="3"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

describe('a chart', () => {
  it('has every point inside its area, further right and higher for more', () => {
    const points = [
      [1, 0],
      [1_000, 17.5],
      [17_000, 733],
    ] as const;
    const drawn = circles(drawChart({ ...labels, series: [{ name: 'ours', points }] }));
    expect(drawn).toHaveLength(3);
    for (const [x, y] of drawn) {
      expect(x).toBeGreaterThanOrEqual(74);
      expect(x).toBeLessThanOrEqual(616);
      expect(y).toBeGreaterThanOrEqual(66);
      expect(y).toBeLessThanOrEqual(292);
    }
    expect(drawn.map(([x]) => x)).toEqual(drawn.map(([x]) => x).toSorted((a, b) => a - b));
    expect(drawn.map(([, y]) => y)).toEqual(drawn.map(([, y]) => y).toSorted((a, b) => b - a));
  });

  it('names its lines, axes and what it was measured on, and has colours for the dark', () => {
    const series = [
      { name: 'Muster & co', points: [[1, 2] as const] },
      { name: 'ws', points: [[2, 1] as const] },
    ];
    const svg = drawChart({ ...labels, series });
    for (const text of ['a &#60; b', 'Muster &#38; co', '>ws<', '>agents<', '>ms<', '>2 cores<'])
      expect(svg).toContain(text);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});
