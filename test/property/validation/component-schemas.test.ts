import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { nodeFrom } from '../../../src/manifests/index.ts';
import {
  checkComponentSettings,
  componentShapes,
  composeComponentSchemas,
  settingsFromJsonSchema,
} from '../../../src/validation/component-schemas/index.ts';
import fc from '../../support/property.ts';

const components = Object.entries(componentShapes).flatMap(([kind, shapes]) =>
  Object.keys(shapes).map((type) => [kind as keyof typeof componentShapes, type] as const),
);
const at = { file: 'settings.yaml', line: 1, column: 1 };
const ajv = new Ajv({ strict: false, allErrors: true });

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  leaf: fc.constantFrom<unknown>(true, 0, 5, '5s', 'x', '5'),
  node: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'enabled', 'endpoint', 'timeout', 'name'), tie('node'), {
      maxKeys: 3,
    }),
  ),
})).node;

/** A component and settings for it: real names with any values, and now and then a name that is not real. */
const someSettings = fc.constantFrom(...components).chain(([kind, type]) => {
  const fields = Object.entries(componentShapes[kind][type]?.fields ?? {});
  // A name that went is only told as such: its value is not looked at.
  const current = fields.filter(([, field]) => field.kind !== 'dated' || field.until === undefined);
  const names = [...current.map(([name]) => name), 'no_such_setting'];
  return fc
    .dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
    .map((settings) => ({ kind, type, settings }));
});

const componentSchemas = composeComponentSchemas();

describe('schemas of components', () => {
  it('the published schema refuses a fragment where the rules find an unknown name or a wrong value, and nowhere else', () => {
    fc.assert(
      fc.property(someSettings, ({ kind, type, settings }) => {
        const found = checkComponentSettings(kind, type, nodeFrom(settings, at), { isHidden: () => false });
        // What is missing or excludes each other is not for fragments; bare numbers and old names are only warnings.
        const faults = found.filter(
          ({ code, severity, message }) =>
            code !== 'OC026' && severity === undefined && !message.includes('takes only one of'),
        );
        const schema = componentSchemas.get(`${kind}-${type}.json`)?.definitions as { settings: object };
        const isValid = ajv.validate(schema.settings, JSON.parse(JSON.stringify(settings)));
        expect(isValid).toBe(faults.length === 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('what was written as JSON Schema is read back: the same names are unknown', () => {
    fc.assert(
      fc.property(someSettings, ({ kind, type, settings }) => {
        const shape = settingsFromJsonSchema(componentSchemas.get(`${kind}-${type}.json`));
        expect(shape).toBeDefined();
        const node = nodeFrom(settings, at);
        const imported = new Map(shape ? [[`${kind}-${type}`, shape]] : []);
        const ours = checkComponentSettings(kind, type, node, { isHidden: () => false });
        const both = checkComponentSettings(kind, type, node, { isHidden: () => false, imported });
        const unknown = (list: typeof ours) =>
          list.filter(({ message }) => message.startsWith('unknown field'));
        expect(unknown(both)).toEqual(unknown(ours));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever is written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...components), fc.jsonValue(), ([kind, type], settings) => {
        checkComponentSettings(kind, type, nodeFrom(settings, at), { isHidden: () => false });
      }),
      { numRuns: 500 },
    );
  });
});
