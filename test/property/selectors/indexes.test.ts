import { expect, test } from 'vitest';
import type { LabelSelector, Labels } from '../../../src/model/index.ts';
import { createAgentIndex, createSelectorIndex, matchSelector } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';
import { anyLabels, anySelector, crowdedLabels, crowdedSelector } from './arbitraries.ts';

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

function changesOf(labels: fc.Arbitrary<Labels>) {
  const id = fc.nat(30).map(String);
  return fc.array(
    fc.oneof(
      { arbitrary: fc.record({ id, labels }), weight: 3 },
      { arbitrary: fc.record({ id, labels: fc.constant(undefined) }), weight: 1 },
    ),
    { maxLength: 120, size: 'max' },
  );
}

test.each([
  ['few', anyLabels, anySelector],
  ['many', crowdedLabels, crowdedSelector],
])(
  'the agent index follows arrivals, changes and departures where %s share a value',
  (_, labels, selector) => {
    fc.assert(
      fc.property(changesOf(labels), fc.array(selector, { minLength: 5 }), (changes, selectors) => {
        const index = createAgentIndex();
        const agents = new Map<string, Labels>();
        for (const { id, labels } of changes) {
          if (labels) index.set(id, labels);
          else index.delete(id);
          if (labels) agents.set(id, labels);
          else agents.delete(id);
        }
        for (const selector of selectors) {
          const expected = idsOf(agents, selector);
          expect(index.select(selector).toSorted()).toEqual(expected);
          expect(index.count(selector)).toBe(expected.length);
        }
      }),
      { numRuns: 300 },
    );
  },
);

function idsOf(agents: ReadonlyMap<string, Labels>, selector: LabelSelector): string[] {
  return [...agents].flatMap(([id, labels]) => (matchSelector(selector, labels) ? [id] : [])).toSorted();
}

test('the agent index agrees with the definition beyond its first capacity, on shared and on unique values', () => {
  const index = createAgentIndex();
  const agents = new Map<string, Labels>();
  for (let n = 0; n < 5000; n++) {
    const labels = new Map([
      ['service.name', n % 3 === 0 ? 'gateway' : 'agent'],
      ['host.name', `web-${n}`],
      ['zone', `z${n % 70}`],
      [n < 100 ? 'pioneer' : 'settler', 'yes'],
    ]);
    agents.set(`agent-${n}`, labels);
    index.set(`agent-${n}`, labels);
  }
  for (let n = 0; n < 5000; n += 7) {
    index.delete(`agent-${n}`);
    agents.delete(`agent-${n}`);
  }
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          { key: 'service.name', operator: 'In', values: ['gateway'] } as const,
          { key: 'service.name', operator: 'NotIn', values: ['gateway', 'none'] } as const,
          { key: 'zone', operator: 'In', values: ['z1', 'z2', 'z69'] } as const,
          { key: 'zone', operator: 'NotIn', values: ['z1', 'z3'] } as const,
          { key: 'host.name', operator: 'Glob', values: ['web-1*', '*[05]'] } as const,
          { key: 'host.name', operator: 'NotGlob', values: ['web-12*'] } as const,
          { key: 'pioneer', operator: 'Exists', values: [] } as const,
          { key: 'pioneer', operator: 'DoesNotExist', values: [] } as const,
          { key: 'pioneer', operator: 'In', values: ['yes'] } as const,
          { key: 'host.name', operator: 'In', values: ['web-41', 'web-42', 'web-4999'] } as const,
        ),
        { maxLength: 4 },
      ),
      (requirements) => {
        const selector = { requirements };
        expect(index.select(selector).toSorted()).toEqual(idsOf(agents, selector));
      },
    ),
    { numRuns: 50 },
  );
});

test('the agent index finds unique values by prefix while they come and go', () => {
  const index = createAgentIndex();
  const agents = new Map<string, Labels>();
  const selectors = ['web-1*', 'web-99', 'db*', '*7', 'web-[0-2]?'].map((glob) => ({
    requirements: [{ key: 'host.name', operator: 'Glob', values: [glob] } as const],
  }));
  const names = fc.array(fc.tuple(fc.constantFrom('web', 'db'), fc.nat(400)), {
    minLength: 300,
    maxLength: 600,
  });
  fc.assert(
    fc.property(names, (hosts) => {
      for (const [at, [kind, number]] of hosts.entries()) {
        const id = `agent-${number}`;
        const isLeaving = at % 3 === 0;
        const labels = new Map([['host.name', `${kind}-${number}`]]);
        if (isLeaving) index.delete(id);
        else index.set(id, labels);
        if (isLeaving) agents.delete(id);
        else agents.set(id, labels);
        if (at % 20 !== 0) continue;
        const selector = selectors[(at / 20) % selectors.length]!;
        expect(index.select(selector).toSorted()).toEqual(idsOf(agents, selector));
      }
    }),
    { numRuns: 20 },
  );
});
