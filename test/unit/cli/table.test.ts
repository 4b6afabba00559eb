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

it('gives states their color on a terminal, and aligns by what is seen', () => {
  const rows = [
    ['web-1', 'applied', 'Healthy'],
    ['web-2', 'failed', 'of no color'],
  ];
  expect(formatTable(['HOST', 'DELIVERY', 'HEALTH'], rows, true)).toBe(
    'HOST   DELIVERY  HEALTH\nweb-1  \u001b[32mapplied\u001b[0m   \u001b[32mHealthy\u001b[0m\nweb-2  \u001b[31mfailed\u001b[0m    of no color\n',
  );
});

it('has room for every agent of a large fleet', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => [`web-${index}`, 'applied']);
  expect(formatTable(['HOST', 'DELIVERY'], rows).endsWith('web-199999  applied\n')).toBe(true);
});
