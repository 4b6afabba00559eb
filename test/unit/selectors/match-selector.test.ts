import { describe, expect, test } from 'vitest';
import type { Labels, LabelValue } from '../../../src/model/index.ts';
import {
  compileGlob,
  explainSelector,
  matchSelector,
  parseSelectorLine,
} from '../../../src/selectors/index.ts';

function selectorOf(line: string) {
  const parsed = parseSelectorLine(line);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.selector;
}

function labels(plain: Record<string, LabelValue>): Labels {
  return new Map(Object.entries(plain));
}

describe('one requirement on the label k', () => {
  const absent = {};
  const cases: [string, Record<string, LabelValue>, boolean][] = [
    ['k=a', { k: 'a' }, true],
    ['k=a', { k: 'A' }, false],
    ['k=a', absent, false],
    ['k=', { k: '' }, true],
    ['k=', absent, false],
    ['k in (a,b)', { k: 'b' }, true],
    ['k in (a,b)', { k: 'c' }, false],
    ['k in (a)', absent, false],
    ['k!=a', { k: 'a' }, false],
    ['k!=a', { k: 'b' }, true],
    ['k!=a', absent, true],
    ['k notin (a,b)', { k: 'b' }, false],
    ['k', { k: '' }, true],
    ['k', absent, false],
    ['!k', absent, true],
    ['!k', { k: '' }, false],
    ['k~web-*', { k: 'web-17' }, true],
    ['k~web-*', { k: 'db-17' }, false],
    ['k~*', absent, false],
    ['k~*', { k: '' }, true],
    ['k~(a*,b*)', { k: 'bc' }, true],
    ['k!~web-*', { k: 'web-17' }, false],
    ['k!~web-*', { k: 'db-17' }, true],
    ['k!~*', absent, true],
    ['k@>=0.140.0', { k: '0.144.0' }, true],
    ['k@>=0.140.0', { k: 'v0.139' }, false],
    ['k@>=0.140.0 <1', { k: 'otelcol-contrib 0.144.0-elastic.1' }, true],
    ['k@>=0.144.0', { k: '0.144.0-rc.1' }, true],
    ['k@(<0.1,>=0.150)', { k: '0.159.0' }, true],
    ['k@*', { k: 'unknown' }, false],
    ['k@*', absent, false],
  ];
  test.each(cases)('%s on %j: %s', (line, plain, expected) => {
    expect(matchSelector(selectorOf(line), labels(plain))).toBe(expected);
  });
});

describe('arrays: any element may match, and a negative operator is the negation', () => {
  const cases: [string, string[], boolean][] = [
    ['k=a', ['b', 'a'], true],
    ['k=a', [], false],
    ['k!=a', ['b', 'a'], false],
    ['k!=a', ['b', 'c'], true],
    ['k!=a', [], true],
    ['k', [], true],
    ['!k', [], false],
    ['k~a*', ['b', 'ab'], true],
    ['k!~a*', ['b', 'ab'], false],
    ['k!~a*', ['b'], true],
    ['k@>=2', ['1.0.0', '2.1.0'], true],
  ];
  test.each(cases)('%s on %j: %s', (line, value, expected) => {
    expect(matchSelector(selectorOf(line), labels({ k: value }))).toBe(expected);
  });
});

describe('globs cover the whole value', () => {
  const cases: [string, string, boolean][] = [
    ['*', 'http://x:4317', true],
    ['http://*:4317', 'http://a/b//c:4317', true],
    ['*', '.', true],
    ['*', '..', true],
    ['a/*/c', 'a/../c', true],
    ['a/b', 'a//b', false],
    ['.*', '.hidden', true],
    ['*hidden', '.hidden', true],
    ['web', 'web-1', false],
    ['?', '', false],
    ['?', '\u{1f680}', true],
    ['web-[0-9]', 'web-7', true],
    ['web-[0-9]', 'web-77', false],
    ['*[/]*', 'a/b', true],
    ['[ -~]', '/', true],
    ['C:?Program Files*', 'C:\\Program Files\\otelcol', true],
    ['**', '', true],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
  ];
  test.each(cases)('%s on %j: %s', (glob, value, expected) => {
    expect(compileGlob(glob)(value)).toBe(expected);
  });

  test('a pattern made to be slow answers at once', () => {
    const glob = `${'*a'.repeat(99)}b`;
    expect(compileGlob(glob)(`${'a'.repeat(255)}c`)).toBe(false);
    expect(compileGlob(`${'*[ab]'.repeat(39)}?c`)('a'.repeat(256))).toBe(false);
  });

  test('what is no glob is a defect of the caller', () => {
    expect(() => compileGlob('{a,b}')).toThrow(expect.objectContaining({ code: 'SELECTOR_INVALID' }));
  });
});

test('the first requirement that fails is the explanation', () => {
  const selector = selectorOf('a=1,b=2,c=3');
  expect(explainSelector(selector, labels({ a: '1', c: '4' }))).toEqual({
    key: 'b',
    operator: 'In',
    values: ['2'],
  });
  expect(explainSelector(selector, labels({ a: '1', b: '2', c: '3' }))).toBeUndefined();
});
