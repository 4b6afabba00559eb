import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLruMap } from '../../../src/model/index.ts';

/** The same in the plainest words: a list in the order of use. */
function createModel(limit: number) {
  let entries: readonly (readonly [number, number])[] = [];
  const without = (key: number) => entries.filter(([other]) => other !== key);
  return {
    get(key: number) {
      const found = entries.find(([other]) => other === key);
      if (found) entries = [...without(key), found];
      return found?.[1];
    },
    has: (key: number) => entries.some(([other]) => other === key),
    set(key: number, value: number) {
      entries = [...without(key), [key, value] as const].slice(-limit);
    },
    delete(key: number) {
      entries = without(key);
    },
    size: () => entries.length,
  };
}

const step = fc.record({
  act: fc.constantFrom('get', 'has', 'set', 'set', 'delete'),
  key: fc.integer({ min: 0, max: 12 }),
});

it('forgets what was not used for longest, as a list in the order of use does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
      const map = createLruMap<number, number>(limit);
      const model = createModel(limit);
      for (const [index, { act, key }] of steps.entries()) {
        if (act === 'get') expect(map.get(key)).toBe(model.get(key));
        else if (act === 'has') expect(map.has(key)).toBe(model.has(key));
        else if (act === 'set') {
          map.set(key, index);
          model.set(key, index);
        } else {
          map.delete(key);
          model.delete(key);
        }
        expect(map.size).toBe(model.size());
      }
    }),
    { numRuns: 500 },
  );
});

/** Megabytes of the heap that something holds. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

it.each(['reads', 'writes'] as const)('holds no more however often it is used: %s', (use) => {
  const map = createLruMap<number, number>(1_000);
  for (let key = 0; key < 500; key += 1) map.set(key, key);
  const before = heapInUse();
  for (let turn = 0; turn < 1_000_000; turn += 1)
    if (use === 'reads') map.get(turn % 500);
    else map.set(turn, turn);
  const grown = heapInUse() - before;
  expect(map.size, 'it is still there').toBeGreaterThanOrEqual(500);
  expect(grown).toBeLessThan(20);
});
