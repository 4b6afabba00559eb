import { expect, it } from 'vitest';
import { createFirstFew } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';

it('are those that sorting all of them would put first, and no more are ever held', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 0, max: 12 }), (all, size) => {
      const first = createFirstFew<number>(size, (a, b) => a - b);
      for (const one of all) {
        first.offer(one);
        expect(first.items.length).toBeLessThanOrEqual(size);
      }
      expect(first.items).toEqual([...all].sort((a, b) => a - b).slice(0, size));
    }),
  );
});
