import { expect, it } from 'vitest';
import { windowOf } from '../../../ui/window.ts';

const at = (total: number, above: number) => windowOf(total, { above, seen: 720, row: 36 });

it.each([
  [5_000, 0, 0, 28],
  [5_000, -300, 0, 20],
  [5_000, 3_600, 92, 36],
  [5_000, 180_000 - 720, 4_972, 28],
  [5_000, 9_999_999, 4_999, 1],
  [10, 0, 0, 10],
  [0, 0, 0, 0],
  [5_000, -9_000, 0, 8],
])('of %d rows, %d above: from %d, %d of them', (total, above, first, count) =>
  expect(at(total, above)).toEqual({ first, count }),
);
