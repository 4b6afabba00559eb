import { expect, it } from 'vitest';
import { visitInSlices } from '../../../src/reconciler/view/visit-in-slices.ts';

it('visits everyone in order, and lets others have a turn between slices', async () => {
  const visited: number[] = [];
  const turns: number[] = [];
  const all = Array.from({ length: 1_234 }, (_, index) => index);
  await visitInSlices(
    all,
    async () => void turns.push(visited.length),
    (one) => void visited.push(one),
  );
  expect(visited).toEqual(all);
  expect(turns).toEqual([500, 1_000]);
});
