import { describe, expect, test } from 'vitest';
import { hasAudience, matchClaims } from '../../../../src/credentials/jwt/match-claims.ts';
import { compileGlob } from '../../../../src/selectors/index.ts';

const claims = {
  sub: 'system:serviceaccount:acme-prod:collector',
  groups: ['ops', 'acme'],
  admin: true,
  level: 3,
  'https://example.com/team': 'acme',
  'kubernetes.io': {
    namespace: 'acme-prod',
    pod: { name: 'otelcol-0', uid: '1' },
    serviceaccount: { name: 'collector', uid: '2' },
  },
};

test.each([
  ['sub', 'system:serviceaccount:acme-*:*', true],
  ['sub', 'system:serviceaccount:globex-*:*', false],
  ['groups', 'acme', true],
  ['groups', 'ac*', true],
  ['groups', 'globex', false],
  ['https://example.com/team', 'acme', true],
  ['kubernetes.io/serviceaccount/name', 'collector', true],
  ['kubernetes.io/namespace', 'acme-*', true],
  ['kubernetes.io/serviceaccount/namespace', 'acme-*', true],
  ['kubernetes.io/serviceaccount', '*', false],
  ['kubernetes.io/pod/nothing', '*', false],
  ['admin', '*', false],
  ['level', '*', false],
  ['missing', '*', false],
  ['__proto__', '*', false],
  ['constructor/name', '*', false],
])('claim %s matches %s: %s', (name, glob, expected) => {
  expect(matchClaims(claims, new Map([[name, compileGlob(glob)]]))).toBe(expected);
});

test('every claim must match', () => {
  const wanted = new Map([
    ['sub', compileGlob('system:*')],
    ['groups', compileGlob('globex')],
  ]);
  expect(matchClaims(claims, wanted)).toBe(false);
});

test('a flat claim, as older service account tokens have it, goes before the path', () => {
  const flat = { ...claims, 'kubernetes.io/serviceaccount/namespace': 'globex' };
  const wanted = new Map([['kubernetes.io/serviceaccount/namespace', compileGlob('globex')]]);
  expect(matchClaims(flat, wanted)).toBe(true);
});

describe('the audience', () => {
  test.each([
    ['muster', true],
    [['other', 'muster'], true],
    [['other'], false],
    ['muster2', false],
    [undefined, false],
    [{ muster: 1 }, false],
  ])('%j holds muster: %s', (aud, expected) => {
    expect(hasAudience({ aud }, 'muster')).toBe(expected);
  });
});
