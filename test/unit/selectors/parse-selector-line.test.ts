import { describe, expect, test } from 'vitest';
import { formatSelector, parseSelectorLine } from '../../../src/selectors/index.ts';

describe('a line that is right', () => {
  const cases: [string, unknown[]][] = [
    ['', []],
    ['  ', []],
    ['a=b', [{ key: 'a', operator: 'In', values: ['b'] }]],
    ['a == b', [{ key: 'a', operator: 'In', values: ['b'] }]],
    [
      'a = b , !c',
      [
        { key: 'a', operator: 'In', values: ['b'] },
        { key: 'c', operator: 'DoesNotExist', values: [] },
      ],
    ],
    ['a!=b', [{ key: 'a', operator: 'NotIn', values: ['b'] }]],
    ['a in (x, y)', [{ key: 'a', operator: 'In', values: ['x', 'y'] }]],
    ['a in(x)', [{ key: 'a', operator: 'In', values: ['x'] }]],
    ['a notin (x)', [{ key: 'a', operator: 'NotIn', values: ['x'] }]],
    ['in in (in)', [{ key: 'in', operator: 'In', values: ['in'] }]],
    [
      'in,notin',
      [
        { key: 'in', operator: 'Exists', values: [] },
        { key: 'notin', operator: 'Exists', values: [] },
      ],
    ],
    ['a~web-*', [{ key: 'a', operator: 'Glob', values: ['web-*'] }]],
    ['a!~*x', [{ key: 'a', operator: 'NotGlob', values: ['*x'] }]],
    [
      'a@>=1.2 <2 || 3.x,b',
      [
        { key: 'a', operator: 'Version', values: ['>=1.2 <2 || 3.x'] },
        { key: 'b', operator: 'Exists', values: [] },
      ],
    ],
    ['a="x,y (z) \\"q\\""', [{ key: 'a', operator: 'In', values: ['x,y (z) "q"'] }]],
    ['a in ("",b)', [{ key: 'a', operator: 'In', values: ['', 'b'] }]],
    [
      'os.description=Ubuntu 24.04 LTS',
      [{ key: 'os.description', operator: 'In', values: ['Ubuntu 24.04 LTS'] }],
    ],
    [
      'deployment.environment=prod',
      [{ key: 'deployment.environment.name', operator: 'In', values: ['prod'] }],
    ],
  ];
  test.each(cases)('%j', (line, requirements) => {
    expect(parseSelectorLine(line)).toEqual({ selector: { requirements } });
  });
});

describe('a line that is wrong says where', () => {
  const cases: [string, RegExp][] = [
    [',', /column 1: expected a label key, found ","/],
    ['a,', /column 3: expected a label key, found the end/],
    ['a b', /column 3: expected a comma, found "b"/],
    ['a in x', /column 6: expected "\(" after in/],
    ['a in (x', /column 8: expected "," or "\)"/],
    ['a="x', /column 3: the quoted value never ends/],
    ['a="\\q"', /column 3: "\\q" is not a JSON string/],
    ['a="x"y', /column 6: expected a comma/],
    ['1a=b', /column 1: 1a: "1a" is no label key/],
    ['b,a~{x}', /column 3: a: braces/],
    ['a@next', /a: "next" is not a version range/],
    [Array(102).fill('a').join(','), /at most 100 requirements/],
    ['a'.repeat(20_000), /at most 16384 characters/],
  ];
  test.each(cases)('%j', (line, message) => {
    expect(parseSelectorLine(line)).toEqual({ error: expect.stringMatching(message) });
  });
});

test('a selector is written as people would', () => {
  const line = 'a=b,c!=d,e in (f,g h),i,!j,k~web-*,l!~(x*,y*),m@>=1.2 <2,n="",o=",",p="x,y",q="(z)",r=" t"';
  const parsed = parseSelectorLine(line);
  expect('selector' in parsed && formatSelector(parsed.selector)).toBe(line);
});
