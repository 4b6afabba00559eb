import type { ProgressPoint } from '../src/model/index.ts';

/** A step line in a box of 720 by 120, and where its labels stand: parts of the width and of the height from below. */
export interface Chart {
  readonly from: number;
  readonly to: number;
  /** What the upper edge stands for. */
  readonly top: number;
  readonly line: string;
  readonly area: string;
  readonly last: { readonly x: number; readonly y: number; readonly settled: number };
  /** Where each step but the first began. */
  readonly steps: readonly { readonly step: number; readonly at: number; readonly x: number }[];
}

const width = 720;
const height = 120;

/** Draws points up to `end`; undefined where there are too few to tell of any time. */
export function chartOf(
  points: readonly ProgressPoint[],
  { end, whole }: { readonly end: number; readonly whole: number },
): Chart | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || end <= first.at) return undefined;
  const top = Math.max(1, whole, ...points.map(({ settled }) => settled));
  const xOf = (at: number) => Math.min(1, (at - first.at) / (end - first.at));
  const place = (at: number, settled: number) =>
    [round(xOf(at) * width), round(height - (settled / top) * height)] as const;
  const [startX, startY] = place(first.at, first.settled);
  const moves = points.slice(1).map(({ at, settled }) => {
    const [x, y] = place(at, settled);
    return `H${x}V${y}`;
  });
  const line = `M${startX} ${startY}${moves.join('')}H${width}`;
  const begun = points.filter(
    ({ step }, index) => index > 0 && step > Math.max(0, points[index - 1]?.step ?? step),
  );
  return {
    from: first.at,
    to: end,
    top,
    line,
    area: `${line}V${height}H0Z`,
    last: { x: 1, y: last.settled / top, settled: last.settled },
    steps: begun.map(({ step, at }) => ({ step, at, x: xOf(at) })),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
