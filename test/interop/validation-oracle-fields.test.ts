import { describe, expect, inject, it } from 'vitest';
import { componentShapes } from '../../src/validation/component-schemas/index.ts';
import { withCollector } from './support/collector.ts';
import { composeCase } from './support/compose-case.ts';
import { sampleOf, wrongSampleOf } from './support/sample-settings.ts';

/** No build at 0.159 can hold it. */
const absent = ['connector routing'];

const components = Object.entries(componentShapes).flatMap(([kind, shapes]) =>
  Object.entries(shapes).map(([type, shape]) => ({ name: `${kind} ${type}`, kind, type, shape })),
);
const present = components.filter(({ name }) => !absent.includes(name));

/** What the collector says when it cannot even read the settings; later faults are about their values. */
const unreadable = 'cannot unmarshal the configuration';

describe('schemas, against the collector that has the components', () => {
  it('covers sixty of them', () => {
    expect(present).toHaveLength(60);
  });

  it.each(present)(
    '$name knows every setting of the schema, with values of these types',
    async ({ kind, type, shape }) => {
      const config = composeCase(kind, type, JSON.stringify(sampleOf(shape)));
      const { output } = await withCollector(inject('peers').collectorSixty, ({ validate }) =>
        validate(config),
      );
      expect(output).not.toContain(unreadable);
    },
  );

  it.each(present)(
    '$name refuses each setting of the schema when its type is wrong',
    async ({ kind, type, shape }) => {
      await withCollector(inject('peers').collectorSixty, async ({ validate }) => {
        for (const [name, field] of Object.entries(shape.fields)) {
          const value = wrongSampleOf(field);
          if (value === undefined || JSON.stringify(value) === '{}') continue;
          const { output } = await validate(composeCase(kind, type, JSON.stringify({ [name]: value })));
          expect({ name, output }).toEqual({ name, output: expect.stringContaining(unreadable) });
        }
      });
    },
  );
});
