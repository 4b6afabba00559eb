/** What tells apart the points of a measurement. */
export type Labels = Readonly<Record<string, string | number>>;

export interface NumberPoint {
  readonly labels: Labels;
  readonly value: number;
}

export interface HistogramPoint {
  readonly labels: Labels;
  readonly count: number;
  readonly sum: number;
  /** Upper bounds, rising; the last bucket has none. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket, one more than there are bounds. */
  readonly counts: readonly number[];
}

/** Everything known at one time by one metric name; counters and histograms count since the start. */
export type Measurement = { readonly name: string; readonly help: string } & (
  | { readonly kind: 'counter' | 'gauge'; readonly points: readonly NumberPoint[] }
  | { readonly kind: 'histogram'; readonly points: readonly HistogramPoint[] }
);
