import { expect, it } from 'vitest';
import { createLogLines } from '../../../src/runtime/index.ts';

it('keeps the last thousand lines for whoever comes, tells what follows, and ends when told', () => {
  const lines = createLogLines();
  for (let number = 0; number < 1_005; number += 1) lines.write(`early ${number}`);
  const heard: string[] = [];
  const stop = lines.listen((line) => void heard.push(line));
  expect([heard.length, heard[0], heard.at(-1)]).toEqual([1_000, 'early 5', 'early 1004']);
  lines.write('x'.repeat(65_537));
  lines.write('late');
  expect(heard.slice(1_000)).toEqual(['late']);
  stop();
  lines.write('after');
  expect(heard).toHaveLength(1_001);
});
