import { expect, test } from 'vitest';
import type { Requirement } from '../../../src/model/index.ts';
import { formatSelector, parseSelectorLine } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';
import { anySelector } from './arbitraries.ts';

const key = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_.\-/]{0,20}$/)
  .filter((text) => text !== 'deployment.environment');
const value = fc.string({ maxLength: 20, unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
const listed: fc.Arbitrary<Requirement> = fc.record({
  key,
  operator: fc.constantFrom('In', 'NotIn'),
  values: fc.array(value, { minLength: 1, maxLength: 4 }),
});

test('what is written as one line is read back as the same selector', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anySelector,
        fc.array(listed).map((requirements) => ({ requirements })),
      ),
      (selector) => {
        expect(parseSelectorLine(formatSelector(selector))).toEqual({ selector });
      },
    ),
    { numRuns: 3000 },
  );
});

test('any text is read or refused with a sentence, never thrown on', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('a', '=', '!', '(', ')', ',', '"', ' in ', '~', '@', '\\', '>=1', '*'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (line) => {
      const parsed = parseSelectorLine(line);
      if ('error' in parsed) expect(parsed.error.length).toBeGreaterThan(5);
      else expect(parseSelectorLine(formatSelector(parsed.selector))).toEqual(parsed);
    }),
    { numRuns: 3000 },
  );
});
