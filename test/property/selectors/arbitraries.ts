import type { LabelSelector, Labels, LabelValue, Requirement } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';

const keys = ['service.name', 'host.name', 'os.type', 'k8s.pod.name', 'fleet.ring', '__proto__'];
const texts = [
  '',
  'a',
  'b',
  'ab',
  'a/b',
  '.',
  '..',
  'web-1',
  'web-2',
  'v1.2.3',
  '0.144.0',
  '1',
  'http://x:4317',
];
const globs = ['*', '?', 'a*', '*b', 'web-*', 'web-[0-1]', '*[/.]*', 'a', '??*', '*a*b*'];
const ranges = ['>=1.0.0', '<1', '0.144.x', '^1.2.0', '*'];

/** Few keys and values, so that matches, overlaps and arrays are common. */
export const anyLabels: fc.Arbitrary<Labels> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...keys), labelValue()), { selector: ([key]) => key, maxLength: 6 })
  .map((entries) => new Map(entries));

/** Labels of which no value is an array. */
export const textLabels: fc.Arbitrary<Labels> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...texts)), { selector: ([key]) => key })
  .map((entries) => new Map(entries));

export const anyRequirement: fc.Arbitrary<Requirement> = fc.oneof(
  requirement(fc.constantFrom('In', 'NotIn'), fc.constantFrom(...texts)),
  requirement(fc.constantFrom('Glob', 'NotGlob'), fc.constantFrom(...globs)),
  requirement(fc.constant('Version'), fc.constantFrom(...ranges)),
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom('Exists', 'DoesNotExist'),
    values: fc.constant([]),
  }),
);

export const anySelector: fc.Arbitrary<LabelSelector> = fc.record({
  requirements: fc.array(anyRequirement, { maxLength: 4 }),
});

function labelValue(): fc.Arbitrary<LabelValue> {
  const text = fc.constantFrom(...texts);
  return fc.oneof({ arbitrary: text, weight: 4 }, { arbitrary: fc.array(text, { maxLength: 3 }), weight: 1 });
}

function requirement(
  operator: fc.Arbitrary<Requirement['operator']>,
  value: fc.Arbitrary<string>,
): fc.Arbitrary<Requirement> {
  return fc.record({
    key: fc.constantFrom(...keys),
    operator,
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  });
}
