import { describe, expect, test } from 'vitest';
import { parseSelector } from '../../../src/selectors/index.ts';
import { type Plain, treeOf, typed } from './node.ts';

describe('a selector that is right', () => {
  const cases: [string, Plain, unknown[]][] = [
    ['nothing selects every agent', {}, []],
    ['empty parts select every agent', { matchLabels: {}, matchExpressions: [] }, []],
    [
      'labels are In requirements',
      { matchLabels: { 'service.name': 'otelcol', empty: '' } },
      [
        { key: 'service.name', operator: 'In', values: ['otelcol'] },
        { key: 'empty', operator: 'In', values: [''] },
      ],
    ],
    [
      'expressions keep their order after labels',
      {
        matchExpressions: [
          { key: 'os.description', operator: 'Glob', values: ['Ubuntu 24*', 'Debian*'] },
          { key: 'host.name', operator: 'Exists' },
          { key: 'service.version', operator: 'Version', values: ['>=0.140.0 <0.160.0'] },
        ],
        matchLabels: { a: 'b' },
      },
      [
        { key: 'os.description', operator: 'Glob', values: ['Ubuntu 24*', 'Debian*'] },
        { key: 'host.name', operator: 'Exists', values: [] },
        { key: 'service.version', operator: 'Version', values: ['>=0.140.0 <0.160.0'] },
        { key: 'a', operator: 'In', values: ['b'] },
      ],
    ],
    [
      'values may hold what Kubernetes forbids',
      { matchLabels: { 'os.description': 'Ubuntu 24.04 LTS (Noble)', url: 'http://x:4317/a' } },
      [
        { key: 'os.description', operator: 'In', values: ['Ubuntu 24.04 LTS (Noble)'] },
        { key: 'url', operator: 'In', values: ['http://x:4317/a'] },
      ],
    ],
  ];
  test.each(cases)('%s', (_, plain, requirements) => {
    expect(parseSelector(treeOf(plain))).toEqual({ selector: { requirements }, problems: [] });
  });
});

function expression(values: Record<string, Plain>): Plain {
  return { matchExpressions: [values] };
}

describe('a selector that is wrong', () => {
  const cases: [string, Plain, string, number, RegExp][] = [
    ['a text', 'all', 'FR101', 1, /\{\} selects every agent/],
    ['nothing at all', null, 'FR101', 1, /\{\} selects every agent/],
    ['a misspelt key', { matchLabel: {} }, 'FR102', 2, /did you mean matchLabels/],
    ['a foreign key', { namespace: 'x' }, 'FR102', 2, /known are matchLabels, matchExpressions/],
    ['labels as a list', { matchLabels: ['a'] }, 'FR101', 3, /map of label keys/],
    ['a key with a space', { matchLabels: { 'a b': 'c' } }, 'FR103', 4, /"a b" is no label key/],
    ['a key that starts with a digit', { matchLabels: { '1a': 'c' } }, 'FR103', 4, /a letter or _ first/],
    [
      'a long key',
      { matchLabels: { ['k'.repeat(128)]: 'c' } },
      'FR103',
      4,
      /at most 127 characters, this one 128/,
    ],
    ['a number', { matchLabels: { port: typed('4317', 'int') } }, 'FR104', 5, /quote it: "4317"/],
    ['a boolean', { matchLabels: { on: typed('true', 'bool') } }, 'FR104', 5, /a bool; quote it/],
    ['a missing value', { matchLabels: { on: null } }, 'FR104', 5, /write "" for the empty string/],
    [
      'a list for a label',
      { matchLabels: { a: ['b'] } },
      'FR104',
      5,
      /matchExpressions entry with operator In/,
    ],
    ['a map for a label', { matchLabels: { a: { b: 'c' } } }, 'FR104', 5, /kvlist/],
    ['a long value', { matchLabels: { a: 'v'.repeat(257) } }, 'FR104', 5, /at most 256 characters/],
    ['a control character', { matchLabels: { a: 'b\n' } }, 'FR104', 5, /no control characters/],
    ['expressions as a map', { matchExpressions: {} }, 'FR101', 3, /a list of/],
    ['an expression as text', { matchExpressions: ['a in b'] }, 'FR101', 4, /an expression is a map/],
    [
      'an unknown key of an expression',
      expression({ key: 'a', operator: 'Exists', value: 'b' }),
      'FR102',
      9,
      /unknown key "value"; did you mean values/,
    ],
    ['no key', expression({ operator: 'Exists' }), 'FR103', 4, /needs a label key/],
    ['no operator', expression({ key: 'a' }), 'FR105', 4, /needs an operator: In, NotIn/],
    ['another case', expression({ key: 'a', operator: 'exists' }), 'FR105', 8, /did you mean Exists/],
    [
      'a typing error',
      expression({ key: 'a', operator: 'NotGolb', values: ['x'] }),
      'FR105',
      8,
      /did you mean NotGlob/,
    ],
    [
      'an operator of Kubernetes nodes',
      expression({ key: 'a', operator: 'Greater' }),
      'FR105',
      8,
      /use one of/,
    ],
    ['In without values', expression({ key: 'a', operator: 'In' }), 'FR106', 4, /at least one value/],
    [
      'NotGlob with no values',
      expression({ key: 'a', operator: 'NotGlob', values: [] }),
      'FR106',
      4,
      /at least one/,
    ],
    [
      'Exists with values',
      expression({ key: 'a', operator: 'Exists', values: ['b'] }),
      'FR107',
      4,
      /takes no values/,
    ],
    [
      'values as text',
      expression({ key: 'a', operator: 'In', values: 'b' }),
      'FR104',
      10,
      /values is a list/,
    ],
    [
      'a map among values',
      expression({ key: 'a', operator: 'In', values: ['b', {}] }),
      'FR104',
      12,
      /kvlist/,
    ],
    [
      'a bad range',
      expression({ key: 'a', operator: 'Version', values: ['1.2', 'new'] }),
      'FR109',
      12,
      /"new" is not a version range/,
    ],
    [
      'a blank range',
      expression({ key: 'a', operator: 'Version', values: [''] }),
      'FR109',
      11,
      /not a version range/,
    ],
    [
      'too many values',
      expression({ key: 'a', operator: 'In', values: Array(1001).fill('x') }),
      'FR111',
      4,
      /at most 1000/,
    ],
    [
      'too many requirements',
      { matchExpressions: Array(101).fill({ key: 'a', operator: 'Exists' }) },
      'FR111',
      1,
      /at most 100/,
    ],
  ];
  test.each(cases)('%s', (_, plain, code, line, message) => {
    const { selector, problems } = parseSelector(treeOf(plain));
    expect(selector).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, severity: 'error', file: 'edge.yaml', line, column: 1 });
    expect(problems[0]?.message).toMatch(message);
    expect(problems).toHaveLength(1);
  });

  test('every mistake is reported, not only the first', () => {
    const { problems } = parseSelector(treeOf({ matchLabels: { 'a b': 'c', d: null }, matchExpresions: [] }));
    expect(problems.map(({ code }) => code)).toEqual(['FR104', 'FR102', 'FR103']);
  });

  test('what can be written instead is there for an editor', () => {
    const { problems } = parseSelector(
      treeOf({ matchLabels: { port: typed('0700', 'int') }, matchExpressionz: [] }),
    );
    expect(problems.map(({ suggestion }) => suggestion)).toEqual(['"0700"', 'matchExpressions']);
  });
});

describe('globs', () => {
  const wrong: [string, RegExp][] = [
    ['{a,b}', /list each alternative as a value/],
    ['a\\*', /backslash/],
    ['!web-*', /NotGlob/],
    ['+(a|b)', /extended globs/],
    ['*(bookworm)', /write \[\(\]/],
    ['[a', /never closed/],
    ['[]', /empty/],
    ['[!a]', /cannot be negated/],
    ['[^a]', /cannot be negated/],
    ['[[:alpha:]]', /no named classes/],
    ['[z-a]', /runs backwards/],
    ['a\tb', /no control characters/],
    ['a'.repeat(201), /at most 200 characters, this one 201/],
  ];
  test.each(wrong)('%j is refused', (glob, message) => {
    const { problems } = parseSelector(
      treeOf(expression({ key: 'a', operator: 'Glob', values: ['ok*', glob] })),
    );
    expect(problems).toMatchObject([{ code: 'FR108', line: 12 }]);
    expect(problems[0]?.message).toMatch(message);
  });

  test.each(['[*]', '[{]a[}]', '*[(]bookworm)', 'a]', 'a!b', '#1', '*', '', '[-a]', 'a'.repeat(200)])(
    '%j is a glob',
    (glob) => {
      expect(
        parseSelector(treeOf(expression({ key: 'a', operator: 'Glob', values: [glob] }))).problems,
      ).toEqual([]);
    },
  );
});

describe('warnings', () => {
  test('deployment.environment is read under its current name', () => {
    const { selector, problems } = parseSelector(
      treeOf({ matchLabels: { 'deployment.environment': 'prod' } }),
    );
    expect(selector?.requirements).toEqual([
      { key: 'deployment.environment.name', operator: 'In', values: ['prod'] },
    ]);
    expect(problems).toMatchObject([
      { code: 'FR110', severity: 'warning', line: 4, suggestion: 'deployment.environment.name' },
    ]);
  });

  test('a selector that no agent can match is still a selector', () => {
    const { selector, problems } = parseSelector(
      treeOf({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }),
    );
    expect(selector?.requirements).toHaveLength(2);
    expect(problems).toMatchObject([{ code: 'FR112', severity: 'warning', line: 1 }]);
  });
});
