import { describe, expect, it } from 'vitest';
import { createProgressBook, type ProgressBook } from '../../../src/reconciler/rollouts/progress-book.ts';

const run = (startedAt: number) => ({ startedAt, ended: false });
const over = (startedAt: number) => ({ startedAt, ended: true });

it('keeps what changed, begins anew with the next rollout, and forgets who stood still longest', () => {
  const book = createProgressBook();
  book.note('a/edge', run(1), { at: 1, settled: 0, step: 0 });
  book.note('a/edge', run(1), { at: 2, settled: 0, step: 0 });
  book.note('a/edge', run(1), { at: 3, settled: 5, step: 0 });
  expect(book.of('a/edge', 1).map(({ at }) => at)).toEqual([1, 3]);
  expect(book.of('a/edge', 2)).toEqual([]);
  book.note('a/edge', run(2), { at: 4, settled: 0, step: 0 });
  expect(book.of('a/edge', 2)).toHaveLength(1);
  for (let unit = 0; unit < 2_000; unit += 1) book.note(`b/${unit}`, run(1), { at: 5, settled: 0, step: 0 });
  expect(book.of('a/edge', 2)).toEqual([]);
});

it('thins out a long rollout, and keeps its first point, its last, and where steps began', () => {
  const book = createProgressBook();
  for (let at = 0; at < 5_000; at += 1)
    book.note('a/edge', run(1), { at, settled: at, step: at < 777 ? 0 : 1 });
  const points = book.of('a/edge', 1);
  expect(points.length).toBeLessThanOrEqual(120);
  expect(points.length).toBeGreaterThan(50);
  expect([points[0]?.at, points.at(-1)?.at]).toEqual([0, 4_999]);
  expect(points.find(({ step }) => step === 1)?.at).toBe(777);
});

describe('what is kept of a rollout', () => {
  const keys = (due: ReturnType<ProgressBook['takeDue']>) => due.map(([unit]) => unit);

  it('is kept once agents settle, then at most every 15 s while it changes', () => {
    const book = createProgressBook();
    book.note('a/edge', run(1), { at: 1, settled: 0, step: 0 });
    book.note('a/idle', run(1), { at: 1, settled: 0, step: 0 });
    expect(book.takeDue(1)).toEqual([]);
    book.note('a/edge', run(1), { at: 1_000, settled: 1, step: 0 });
    const points = [
      [1, 0, 0],
      [1_000, 1, 0],
    ];
    expect(book.takeDue(1_000)).toEqual([['a/edge', { startedAt: 1, ended: false, points }]]);
    book.note('a/edge', run(1), { at: 2_000, settled: 2, step: 0 });
    expect(book.takeDue(15_999)).toEqual([]);
    expect(keys(book.takeDue(16_000))).toEqual(['a/edge']);
    expect(book.takeDue(99_000)).toEqual([]);
  });

  it('is kept at once where a step begins and at the end, and then never again', () => {
    const book = createProgressBook();
    book.note('a/edge', run(1), { at: 1, settled: 1, step: 0 });
    expect(keys(book.takeDue(1))).toEqual(['a/edge']);
    book.note('a/edge', run(1), { at: 2, settled: 1, step: 1 });
    expect(keys(book.takeDue(2))).toEqual(['a/edge']);
    book.note('a/edge', over(1), { at: 3, settled: 1, step: 1 });
    expect(book.takeDue(3)).toMatchObject([['a/edge', { ended: true }]]);
    for (const at of [4, 60_000]) {
      book.note('a/edge', over(1), { at, settled: 0, step: 1 });
      expect(book.takeDue(at)).toEqual([]);
    }
    expect(book.of('a/edge', 1).map(({ at }) => at)).toEqual([1, 2]);
  });

  it('goes on where an operator tries a rollout again that had ended', () => {
    const book = createProgressBook();
    book.note('a/edge', run(1), { at: 1, settled: 1, step: 0 });
    book.note('a/edge', over(1), { at: 2, settled: 0, step: 0 });
    book.note('a/edge', run(1), { at: 3, settled: 2, step: 0 });
    expect(book.of('a/edge', 1).map(({ settled }) => settled)).toEqual([1, 0, 2]);
    expect(book.takeDue(3)).toMatchObject([['a/edge', { ended: false }]]);
  });

  it('is nothing of rollouts that had ended before anybody looked', () => {
    const book = createProgressBook();
    book.note('a/edge', over(1), { at: 9, settled: 5, step: 2 });
    expect(book.of('a/edge', 1)).toEqual([]);
    expect(book.takeDue(9)).toEqual([]);
  });

  it('is taken up by the next run, which goes on behind it', () => {
    const [before, after] = [createProgressBook(), createProgressBook()];
    for (let at = 1; at <= 300; at += 1) before.note('a/edge', run(1), { at, settled: at, step: 0 });
    before.note('a/gone', run(1), { at: 5, settled: 5, step: 0 });
    before.note('a/gone', over(1), { at: 6, settled: 6, step: 0 });
    const facts = structuredClone(before.takeDue(300)) as [string, unknown][];
    after.recall(facts);
    expect(after.of('a/edge', 1)).toEqual(before.of('a/edge', 1));
    after.note('a/edge', run(1), { at: 301, settled: 301, step: 0 });
    after.note('a/gone', over(1), { at: 302, settled: 0, step: 0 });
    expect(after.of('a/edge', 1).at(-1)?.at).toBe(301);
    expect(after.of('a/gone', 1)).toEqual(before.of('a/gone', 1));
    expect(after.of('a/edge', 2)).toEqual([]);
    after.forget('a/edge');
    expect(after.of('a/edge', 1)).toEqual([]);
    expect(after.takeDue(400)).toEqual([]);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    { startedAt: 'x', points: [] },
    { startedAt: 1 },
    { startedAt: 1, points: [[1, 2]] },
    { startedAt: 1, points: [[1, 2, 'x']] },
    { startedAt: 1, points: [[1, null, 0]] },
    { startedAt: 1, points: Array.from({ length: 121 }, () => [1, 1, 0]) },
  ])('is left out where it is damaged: %j', (fact) => {
    const book = createProgressBook();
    book.recall([
      ['a/edge', fact],
      ['a/whole', { startedAt: 1, ended: false, points: [[1, 1, 0]] }],
    ]);
    expect(book.of('a/edge', 1)).toEqual([]);
    expect(book.of('a/whole', 1)).toHaveLength(1);
  });

  it('is of no more rollouts than are followed, those that moved last', () => {
    const book = createProgressBook();
    const facts = Array.from(
      { length: 2_001 },
      (_, index) => [`a/${index}`, { startedAt: 1, ended: false, points: [[3_000 - index, 1, 0]] }] as const,
    );
    book.recall(facts);
    expect(book.of('a/0', 1)).toHaveLength(1);
    expect(book.of('a/2000', 1)).toEqual([]);
  });
});
