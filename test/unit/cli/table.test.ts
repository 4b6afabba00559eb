import { expect, it } from 'vitest';
import { formatTable } from '../../../src/cli/table.ts';

it('aligns columns and leaves no space at line ends', () => {
  expect(
    formatTable(
      ['A', 'LONG'],
      [
        ['wide', '1'],
        ['x', ''],
      ],
    ),
  ).toBe('A     LONG\nwide  1\nx\n');
});

it('replaces control characters, which agents could send to a terminal', () => {
  expect(formatTable(['A'], [['\u001b[31mred\u202e\n']])).toBe('A\n?[31mred??\n');
});

it('cuts long cells, the last column only far beyond a commit status', () => {
  const [, row = ''] = formatTable(['A', 'B'], [['a'.repeat(100), 'b'.repeat(140)]]).split('\n');
  expect(row).toBe(`${'a'.repeat(59)}…  ${'b'.repeat(140)}`);
});
