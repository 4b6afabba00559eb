import { expect, test } from 'vitest';
import { createSelectorIndex, matchSelector } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';
import { anyLabels, anySelector } from './arbitraries.ts';

test('the selector index finds exactly the selectors that match, ascending', () => {
  fc.assert(
    fc.property(fc.array(anySelector, { maxLength: 40 }), fc.array(anyLabels), (selectors, agents) => {
      const index = createSelectorIndex(selectors);
      for (const labels of agents) {
        const expected = selectors.flatMap((selector, at) => (matchSelector(selector, labels) ? [at] : []));
        expect(index.match(labels)).toEqual(expected);
      }
    }),
    { numRuns: 500 },
  );
});
