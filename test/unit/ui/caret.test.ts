import { expect, it } from 'vitest';
import { caretUnder } from '../../../ui/parts/caret-under.ts';

it.each([
  ['    exporters: [otlp_htp, b]', 17, `${' '.repeat(16)}^^^^^^^^`],
  ['key: "two words"', 6, '     ^^^^^^^^^^^'],
  ['batch: {}', 1, '^^^^^'],
  ['', 1, '^'],
  ['ab', 90, '  ^'],
])('marks the word of %j at %d', (text, column, mark) => expect(caretUnder(text, column)).toBe(mark));
