import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mapScalars, parseYaml, walk } from '../../../../src/manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../../../src/model/index.ts';
import { collectorRules, comparePlans, lintConfig } from '../../../../src/validation/rules/index.ts';
import fc from '../../../support/property.ts';

const folder = new URL('../../../golden/validation/good-configs/', import.meta.url);

function parse(bytes: Uint8Array): ConfigNode {
  const [tree] = parseYaml(bytes, 'a.yaml').documents;
  if (!tree) throw new Error('no document');
  return tree;
}

const goodConfigs = readdirSync(folder).map((name) => parse(readFileSync(new URL(name, folder))));
/** Every config that the rules were written with, faulty ones included. */
const examples = collectorRules
  .filter(({ check }) => check)
  .flatMap(({ good, bad }) => [good, bad])
  .map((text) => parse(new TextEncoder().encode(text)));

function scalarsOf(tree: ConfigNode): readonly ScalarNode[] {
  const scalars: ScalarNode[] = [];
  walk(tree, (node) => {
    if (node.kind === 'scalar') scalars.push(node);
    return undefined;
  });
  return scalars;
}

/** The tree with what stands at these scalars known only on the agent. */
function hide(tree: ConfigNode, hidden: ReadonlySet<ScalarNode>): ConfigNode {
  return mapScalars(tree, (scalar) =>
    hidden.has(scalar) ? { ...scalar, text: '${env:HIDDEN}', style: 'plain', type: 'string' } : scalar,
  );
}

const hiddenParts = (trees: readonly ConfigNode[]) =>
  fc.constantFrom(...trees).chain((tree) => {
    const scalars = scalarsOf(tree);
    return fc.tuple(fc.constant(tree), fc.subarray([...scalars]));
  });

function errorsOf(tree: ConfigNode): readonly string[] {
  return lintConfig(tree)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

describe('values that are known only on the agent', () => {
  it('never make an error of a config that has none', () => {
    fc.assert(
      fc.property(hiddenParts(goodConfigs), ([tree, hidden]) => {
        expect(errorsOf(hide(tree, new Set(hidden)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('never make the rules throw, whatever else is wrong', () => {
    fc.assert(
      fc.property(hiddenParts(examples), ([tree, hidden]) => {
        for (const { line, column, code } of lintConfig(hide(tree, new Set(hidden)))) {
          expect(code).toMatch(/^OC\d{3}$/);
          expect(Math.min(line, column)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never make a change look like a loss', () => {
    fc.assert(
      fc.property(fc.constantFrom(...goodConfigs), (tree) => {
        const hidden = new Set(scalarsOf(tree));
        expect(comparePlans(tree, hide(tree, hidden))).toEqual([]);
        expect(comparePlans(hide(tree, hidden), tree)).toEqual([]);
        expect(comparePlans(tree, tree)).toEqual([]);
      }),
      { numRuns: goodConfigs.length },
    );
  });
});
