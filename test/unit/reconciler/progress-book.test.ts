import { expect, it } from 'vitest';
import { createProgressBook } from '../../../src/reconciler/rollouts/progress-book.ts';

it('keeps what changed, begins anew with the next rollout, and forgets who stood still longest', () => {
  const book = createProgressBook();
  book.note('a/edge', 1, { at: 1, settled: 0, step: 0 });
  book.note('a/edge', 1, { at: 2, settled: 0, step: 0 });
  book.note('a/edge', 1, { at: 3, settled: 5, step: 0 });
  expect(book.of('a/edge', 1).map(({ at }) => at)).toEqual([1, 3]);
  expect(book.of('a/edge', 2)).toEqual([]);
  book.note('a/edge', 2, { at: 4, settled: 0, step: 0 });
  expect(book.of('a/edge', 2)).toHaveLength(1);
  for (let unit = 0; unit < 2_000; unit += 1) book.note(`b/${unit}`, 1, { at: 5, settled: 0, step: 0 });
  expect(book.of('a/edge', 2)).toEqual([]);
});

it('thins out a long rollout, and keeps its first point, its last, and where steps began', () => {
  const book = createProgressBook();
  for (let at = 0; at < 5_000; at += 1) book.note('a/edge', 1, { at, settled: at, step: at < 777 ? 0 : 1 });
  const points = book.of('a/edge', 1);
  expect(points.length).toBeLessThanOrEqual(120);
  expect(points.length).toBeGreaterThan(50);
  expect([points[0]?.at, points.at(-1)?.at]).toEqual([0, 4_999]);
  expect(points.find(({ step }) => step === 1)?.at).toBe(777);
});
