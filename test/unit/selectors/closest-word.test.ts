import { expect, test } from 'vitest';
import { closestWord } from '../../../src/selectors/index.ts';

const components = ['otlp', 'otlp_http', 'otlp_grpc', 'debug', 'file'];

test.each([
  ['otlp_htp', 'otlp_http'],
  ['oltp', 'otlp'],
  ['debgu', 'debug'],
  ['debug', 'debug'],
  ['otlphttp', 'otlp_http'],
  ['fiel', 'file'],
  ['prometheus', undefined],
  ['', undefined],
])('%s was meant to be %s', (word, expected) => {
  expect(closestWord(word, components)).toBe(expected);
});

test('of two as near the first is taken, of a nearer and a farther the nearer', () => {
  expect(closestWord('ab', ['ax', 'ay'])).toBe('ax');
  expect(closestWord('abcd', ['abxy', 'abcx'])).toBe('abcx');
});

test('a swap of neighbours is one edit', () => {
  expect(closestWord('oltp', ['otlp'], 1)).toBe('otlp');
});
