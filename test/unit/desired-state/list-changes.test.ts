import { expect, it } from 'vitest';
import { listChanges } from '../../../src/desired-state/index.ts';

const shown = (text: string) => ({ text, sources: [], graph: null });
const before = 'exporters:\n  otlp:\n    queue: 1000\n    gone: {a: 1}\nservice:\n  list: [a, b]\n';
const after =
  'service:\n  list:\n    - x\n    - a\nexporters:\n  otlp:\n    queue: 5000\n    items:\n      - name: z\n';

it('tells each setting that differs, whatever the order of keys', () => {
  const at = { file: 'base.yaml', line: 18, column: 1 };
  const sources = [{ line: 7, at, layer: 1, layers: 1 }];
  expect(listChanges(shown(before), { ...shown(after), sources })).toEqual([
    { path: 'service::list', before: '[a, b]', after: '[x, a]', source: null },
    { path: 'exporters::otlp::queue', before: '1000', after: '5000', source: at },
    { path: 'exporters::otlp::items::0::name', before: null, after: 'z', source: null },
    { path: 'exporters::otlp::gone::a', before: '1', after: null, source: null },
  ]);
  expect(listChanges(shown(before), shown(before))).toEqual([]);
});

it('knows a string from a number, cuts long values, and gives up on what is no YAML', () => {
  expect(listChanges(shown('a: 1'), shown('a: "1"'))).toMatchObject([{ before: '1', after: '"1"' }]);
  expect(listChanges(undefined, shown(`a: ${'x'.repeat(500)}`))?.[0]?.after).toHaveLength(301);
  expect(listChanges(shown('a: ['), shown('a: 1'))).toBeUndefined();
});
