import { nodeFrom } from '../../../src/manifests/index.ts';
import type { ConfigNode, ScalarNode, ScalarStyle } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';

const at = { file: 'f.yaml', line: 1, column: 1 };

const nastyTexts = [
  '',
  '1',
  '0700',
  '0o17',
  '1_000',
  '.5_0',
  '1e3',
  'true',
  'True',
  'null',
  '~',
  'yes',
  'on',
  'n',
  '<<',
  '=',
  '-',
  '--- a',
  '...',
  'a: b',
  'a #b',
  '#',
  ' x',
  'x ',
  '\tx',
  'a\n',
  '\na',
  'a\n\n',
  ' a\nb',
  'a\n b\n',
  '&x',
  '*x',
  '!x',
  '${env:X}',
  '$$x',
  '2001-01-01',
  '1:30',
  '"',
  "'",
  "it's",
  '\\',
  '{',
  '[',
  '}',
  '@',
  '`',
  '%',
  '?',
  '? a',
  ':',
  ',',
  '|',
  '>',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u0000',
  '\u007f',
  'é',
  '😀',
  '0.0.0.0:4317',
  '30s',
];

const text = fc.oneof(
  fc.constantFrom(...nastyTexts),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !/\p{Cs}/u.test(value)),
  fc.stringMatching(/^[ \n\ta:#|>'"\-{}[\],&*!%@`\\?]{0,8}$/),
);
const style = fc.constantFrom<ScalarStyle>('plain', 'single', 'double', 'literal', 'folded');
const string = fc
  .record({ text, style })
  .map((parts): ScalarNode => ({ kind: 'scalar', type: 'string', at, ...parts }));
const other = fc
  .oneof(
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  )
  .map((value) => nodeFrom(value, at));

/** Trees of every kind of scalar and nesting, with texts chosen to break naive serialisers. */
export const configTrees: fc.Arbitrary<ConfigNode> = fc.letrec<{ node: ConfigNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    string,
    other,
    fc.array(tie('node'), { maxLength: 4 }).map((items): ConfigNode => ({ kind: 'list', items, at })),
    fc
      .uniqueArray(fc.record({ key: string, value: tie('node') }), {
        maxLength: 4,
        selector: (entry) => entry.key.text,
      })
      .map((entries): ConfigNode => ({ kind: 'map', entries, at })),
  ),
})).node;
