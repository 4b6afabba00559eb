import { expect, test } from 'vitest';
import { intersectSelectors, matchSelector } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';
import { anySelector, textLabels } from './arbitraries.ts';

test('an example really matches both selectors', () => {
  fc.assert(
    fc.property(anySelector, anySelector, (a, b) => {
      const intersection = intersectSelectors(a, b);
      if (intersection.kind !== 'overlap') return;
      expect(matchSelector(a, intersection.example)).toBe(true);
      expect(matchSelector(b, intersection.example)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('what is called disjoint matches no agent whose labels are texts', () => {
  fc.assert(
    fc.property(anySelector, anySelector, fc.array(textLabels, { minLength: 20 }), (a, b, agents) => {
      fc.pre(intersectSelectors(a, b).kind === 'disjoint');
      for (const labels of agents) expect(matchSelector(a, labels) && matchSelector(b, labels)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('the order of the two selectors does not matter', () => {
  fc.assert(
    fc.property(anySelector, anySelector, (a, b) => {
      expect(intersectSelectors(a, b).kind).toBe(intersectSelectors(b, a).kind);
    }),
  );
});
