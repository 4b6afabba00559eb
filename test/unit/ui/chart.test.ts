import { expect, it } from 'vitest';
import { chartOf } from '../../../ui/chart.ts';

const points = [
  { at: 1_000, settled: 0, step: 0 },
  { at: 2_000, settled: 1, step: 0 },
  { at: 3_000, settled: 1, step: 1 },
  { at: 4_000, settled: 3, step: 1 },
];

it('steps from point to point and on to now, and knows where steps began', () => {
  expect(chartOf(points, { end: 5_000, whole: 4 })).toEqual({
    from: 1_000,
    to: 5_000,
    top: 4,
    line: 'M0 120H180V90H360V90H540V30H720',
    area: 'M0 120H180V90H360V90H540V30H720V120H0Z',
    last: { x: 1, y: 0.75, settled: 3 },
    steps: [{ step: 1, at: 3_000, x: 0.5 }],
  });
});

it('stays in its box where more had settled than are left', () => {
  expect(chartOf(points, { end: 5_000, whole: 0 })?.top).toBe(3);
});

it('draws nothing without a time to draw', () => {
  expect(chartOf([], { end: 5_000, whole: 4 })).toBeUndefined();
  expect(chartOf(points, { end: 1_000, whole: 4 })).toBeUndefined();
});
