import { expect, test } from 'vitest';
import type { Attribute, AttributeValue } from '../../../src/model/index.ts';
import { flattenLabels, isLabelKey } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string({ maxLength: 600, unit: 'binary' }),
  fc.boolean(),
  fc.double(),
  fc.bigInt(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 400 }),
);
const attributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 100 }),
  fc.constant(new Map([['a', 'b']])),
);
const attributes: fc.Arbitrary<Attribute[]> = fc.array(
  fc.record({
    key: fc.oneof(
      fc.string(),
      fc.constantFrom(
        '__proto__',
        'constructor',
        'fleet.uid',
        'fleet.x',
        'host.name',
        'deployment.environment',
      ),
    ),
    value: attributeValue,
  }),
  { maxLength: 40 },
);

test('whatever an agent sends becomes bounded, clean labels and a handful of warnings', () => {
  fc.assert(
    fc.property(attributes, attributes, (identifying, nonIdentifying) => {
      const { labels, warnings } = flattenLabels(
        { identifying, nonIdentifying },
        { uid: 'u', tenant: 'acme', type: 'otelcol' },
      );
      expect(labels.get('fleet.uid')).toBe('u');
      expect(labels.has('fleet.x')).toBe(false);
      expect(labels.has('deployment.environment')).toBe(false);
      expect(labels.size).toBeLessThanOrEqual(256 + 3);
      expect(warnings.length).toBeLessThanOrEqual(5);
      for (const [key, value] of labels) {
        expect(isLabelKey(key)).toBe(true);
        for (const text of typeof value === 'string' ? [value] : value) {
          expect(text.length).toBeLessThanOrEqual(256);
          expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        }
      }
    }),
  );
});
