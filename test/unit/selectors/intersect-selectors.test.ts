import { describe, expect, test } from 'vitest';
import { intersectSelectors, parseSelectorLine } from '../../../src/selectors/index.ts';

function selectorOf(line: string) {
  const parsed = parseSelectorLine(line);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.selector;
}

function intersect(a: string, b: string) {
  return intersectSelectors(selectorOf(a), selectorOf(b));
}

describe('disjoint', () => {
  const cases: [string, string][] = [
    ['k=a', 'k=b'],
    ['k in (a,b)', 'k in (c,d)'],
    ['k in (a,b)', 'k notin (a,b,c)'],
    ['k=a', '!k'],
    ['k', '!k'],
    ['k=web-1', 'k~db-*'],
    ['k=web-1', 'k!~web-*'],
    ['k~web-*', 'k~db-*'],
    ['k~*-prod', 'k~*-test'],
    ['k~?', 'k~??'],
    ['k~web-[0-4]', 'k~web-[5-9]'],
    ['k~(web-*,db-*)', 'k~(app-*,lb-*)'],
    ['k~web-*', 'k!~web-*'],
    ['k~web-*', 'k!~*'],
    ['k', 'k!~*'],
    ['k@<0.140', 'k@>=0.140'],
    ['k=0.139.0', 'k@>=0.140'],
    ['a=1,k=a', 'b=2,k=b'],
  ];
  test.each(cases)('%s and %s', (a, b) => {
    expect(intersect(a, b)).toEqual({ kind: 'disjoint' });
  });
});

describe('overlap, with an example', () => {
  const cases: [string, string, Record<string, string>][] = [
    ['', '', {}],
    ['k=a', '', { k: 'a' }],
    ['k=a', 'j=b', { k: 'a', j: 'b' }],
    ['k in (a,b)', 'k!=a', { k: 'b' }],
    ['k!=a', '!k', {}],
    ['k~web-*', 'k~*-prod', { k: 'web-prod' }],
    ['k~web-*', 'k!~web-a*', { k: 'web-' }],
    ['k@>=0.140', 'k@<0.150', { k: '0.140.0' }],
    ['k~web-[0-5]', 'k~web-[5-9]', { k: 'web-5' }],
    ['k~v*', 'k@>=1.2.3', { k: 'v1.2.3' }],
  ];
  test.each(cases)('%s and %s', (a, b, example) => {
    const intersection = intersect(a, b);
    expect(intersection).toMatchObject({ kind: 'overlap' });
    if (intersection.kind === 'overlap') expect(Object.fromEntries(intersection.example)).toEqual(example);
  });
});

test('unknown where neither a proof nor an example is found', () => {
  expect(intersect('k~v*', 'k@>=1.2.3,k!~(v0*,v1*)')).toEqual({ kind: 'unknown' });
});

test('globs made to be slow are compared at once', () => {
  const many = '*a'.repeat(60);
  expect(intersect(`k~${many}b`, `k~${many}c`)).toEqual({ kind: 'disjoint' });
});
