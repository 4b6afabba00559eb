import { describe, expect, it } from 'vitest';
import {
  isWithin,
  parseBeginning,
  parseRelease,
  parseSpans,
  releasesOf,
} from '../../../../src/validation/rules/otelcol/builds/releases.ts';

describe('parseRelease', () => {
  it.each([
    ['0.144.0', 144],
    ['v0.144.1', 144],
    ['0.144', 144],
    ['0.144.0-elastic.1', 144],
    ['0.144+build', 144],
    ['1.65.0', undefined],
    ['9.2.0', undefined],
    ['latest', undefined],
    ['0.x', undefined],
    ['', undefined],
  ])('%s is %s', (text, release) => {
    expect(parseRelease(text)).toBe(release);
  });
});

describe('beginnings of facts', () => {
  it.each([
    ['0.151.0', 151, 151],
    ['0.122.1', 122, 123],
    ['0.151..0.152', 151, 152],
    ['<=0.148', 0, 148],
    ['', 0, Number.POSITIVE_INFINITY],
  ])('"%s" may hold from %s and does from %s', (text, maybe, sure) => {
    expect(parseBeginning(text)).toEqual({ maybe, sure });
  });
});

describe('spans of releases', () => {
  it.each([
    ['0.112-', [111, 112, 159], [false, true, true]],
    ['-0.132', [110, 131, 132], [true, true, false]],
    ['-0.122,0.123-0.131', [121, 122, 123, 130, 131], [true, false, true, true, false]],
    ['', [110], [false]],
  ])('%s', (text, releases, holds) => {
    expect(releases.map((release) => isWithin(release, parseSpans(text)))).toEqual(holds);
  });
});

describe('releases that a range admits', () => {
  it.each([
    ['>=0.144.0 <0.160.0', { lowest: 144, highest: 159 }],
    ['>=0.144.2', { lowest: 144, highest: Number.POSITIVE_INFINITY }],
    ['<0.140.0', { lowest: 0, highest: 139 }],
    ['0.150.x', { lowest: 150, highest: 150 }],
    ['*', { lowest: 0, highest: Number.POSITIVE_INFINITY }],
    ['>=9.0.0', undefined],
    ['nonsense', undefined],
  ])('%s', (range, releases) => {
    expect(releasesOf(range)).toEqual(releases);
  });
});
