import { expect, it } from 'vitest';
import { alignConfigs } from '../../../src/desired-state/index.ts';

const at = { file: 'base/common.yaml', line: 18, column: 3 };

it('puts each line of both beside its like, in the order of what is desired', () => {
  const effective = 'b:\n  size: 1000\n  extra: info\na: [x, v]\n';
  const desired = 'a: [x, w]\nb:\n  size: 5000\n  new: 1\n';
  const differences = [
    { path: 'b::size', effective: '1000', desired: '5000', setBy: at },
    { path: 'b::new', effective: '', desired: '1' },
  ];
  expect(alignConfigs(effective, desired, differences)).toEqual([
    { kind: 'same', left: 'a:', right: 'a:', source: null },
    { kind: 'same', left: '  - x', right: '  - x', source: null },
    { kind: 'ignored', left: '  - v', right: '  - w', source: null },
    { kind: 'same', left: 'b:', right: 'b:', source: null },
    { kind: 'differs', left: '  size: 1000', right: '  size: 5000', source: at },
    { kind: 'differs', left: null, right: '  new: 1', source: null },
    { kind: 'ignored', left: '  extra: info', right: null, source: null },
  ]);
});

it('marks every line below a difference', () => {
  const rows = alignConfigs('a: 1\n', 'a: 1\nb:\n  c:\n    d: 1\n', [
    { path: 'b', effective: '', desired: '' },
  ]);
  expect(rows.map(({ kind }) => kind)).toEqual(['same', 'differs', 'differs', 'differs']);
});

it.each([
  ['a: [', 'a: 1'],
  ['a: 1', `a: ${'x'.repeat(600 * 1024)}`],
])('shows nothing where a text does not parse or is too long', (effective, desired) => {
  expect(alignConfigs(effective, desired, [])).toEqual([]);
});

it('shows texts that are no maps line by line', () => {
  expect(alignConfigs('one', 'two', [])).toEqual([
    { kind: 'ignored', left: 'one', right: 'two', source: null },
  ]);
});
