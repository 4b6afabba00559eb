import { expect, it } from 'vitest';
import { compileGlob, parseGlob } from '../../../src/selectors/index.ts';
import { areExclusive } from '../../../src/validation/exclusive-globs.ts';
import fc from '../../support/property.ts';

const glob = fc
  .array(fc.constantFrom('a', 'b', '.', '*', '?', '[ab]', '[a-c]', 'ab'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((text) => parseGlob(text).kind === 'glob');
const text = fc.array(fc.constantFrom('a', 'b', 'c', '.'), { maxLength: 8 }).map((parts) => parts.join(''));

it('no text matches two globs that are told to exclude each other', () => {
  fc.assert(
    fc.property(glob, glob, fc.array(text, { minLength: 20, maxLength: 60 }), (a, b, texts) => {
      if (!areExclusive(a, b)) return;
      const [matchesA, matchesB] = [compileGlob(a), compileGlob(b)];
      expect(texts.filter((one) => matchesA(one) && matchesB(one))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it('tells it of the globs that people write', () => {
  expect(areExclusive('*.gw.acme.example', '*.gw.globex.example')).toBe(true);
  expect(areExclusive('acme-*', 'globex-*')).toBe(true);
  expect(areExclusive('gateway-1', 'gateway-2')).toBe(true);
  expect(areExclusive('gateway-1', 'gateway-?')).toBe(false);
});
