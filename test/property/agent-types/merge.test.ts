import { describe, expect, it } from 'vitest';
import { agentTypes, computeConfigHash, listProvenance } from '../../../src/agent-types/index.ts';
import { nodeFrom, parseYaml, renderYaml, toPlain } from '../../../src/manifests/index.ts';
import type { ConfigNode, MapNode } from '../../../src/model/index.ts';
import { layerAt } from '../../support/layer-at.ts';
import fc from '../../support/property.ts';
import { configTrees } from '../manifests/trees.ts';

const maps = fc.letrec<{ value: unknown; map: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, 1, 'x', true),
    fc.array(fc.integer({ max: 3 }), { maxLength: 2 }),
    tie('map'),
  ),
  map: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { maxKeys: 4 }),
})).map;

function merge(plains: readonly unknown[]) {
  const trees = plains.map((plain, index) => nodeFrom(plain, { file: `${index + 1}`, line: 1, column: 1 }));
  return agentTypes.otelcol.merge(trees.map((tree) => ({ tree, lists: 'replace', remove: [], at: tree.at })));
}

function naiveMerge(lower: unknown, upper: unknown): unknown {
  if (!isMap(lower) || !isMap(upper)) return upper;
  const merged = { ...lower };
  for (const [key, value] of Object.entries(upper))
    merged[key] = key in lower ? naiveMerge(lower[key], value) : value;
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('merging', () => {
  it('is the naive definition', () => {
    fc.assert(
      fc.property(fc.array(maps, { minLength: 1, maxLength: 4 }), (layers) => {
        expect(toPlain(merge(layers).tree)).toEqual(
          layers.reduce((lower, upper) => naiveMerge(lower, upper) as typeof lower),
        );
      }),
    );
  });

  it('gives every value to the layer that its position names', () => {
    fc.assert(
      fc.property(fc.array(maps, { minLength: 1, maxLength: 4 }), (layers) => {
        const { tree, origin } = merge(layers);
        for (const entry of listProvenance(tree, origin, layers.length)) {
          // An empty map that several layers name keeps the position of the first.
          if (entry.path !== '') expect(entry.layer).toBe(layerAt(origin, entry.path.split('::')));
          if (isLeaf(tree, entry.path)) expect(entry.at.file).toBe(String(entry.layer));
        }
      }),
    );
  });
});

function isLeaf(tree: ConfigNode, path: string): boolean {
  let node: ConfigNode | undefined = tree;
  for (const key of path.split('::')) {
    node =
      node?.kind === 'list'
        ? node.items[Number(key)]
        : (node as MapNode).entries.find((entry) => entry.key.text === key)?.value;
  }
  return node?.kind === 'scalar';
}

describe('the hash', () => {
  const hashOf = (tree: ConfigNode) => computeConfigHash([{ key: '', contentType: 'text/yaml', tree }]);

  it('survives rendering and reading', () => {
    fc.assert(
      fc.property(configTrees, (tree) => {
        const again = parseYaml(new TextEncoder().encode(renderYaml(tree)), 'f.yaml').documents[0]!;
        expect(hashOf(again)).toBe(hashOf(tree));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(configTrees, (tree) => {
        expect(hashOf(reversed(tree))).toBe(hashOf(tree));
      }),
    );
  });
});

function reversed(node: ConfigNode): ConfigNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(reversed) };
  if (node.kind === 'scalar') return node;
  return {
    ...node,
    entries: node.entries.map(({ key, value }) => ({ key, value: reversed(value) })).reverse(),
  };
}

describe('comparison', () => {
  it('finds every config in sync with itself, with more in it, and with its redaction', () => {
    fc.assert(
      fc.property(maps, maps, (desired, defaults) => {
        const tree = nodeFrom(desired);
        const { otelcol } = agentTypes;
        const more = renderYaml(nodeFrom(naiveMerge({ z: defaults }, desired)));
        expect(otelcol.compare(tree, renderYaml(tree))).toEqual({ verdict: 'in-sync', differences: [] });
        expect(otelcol.compare(tree, more).verdict).toBe('in-sync');
        expect(otelcol.compare(tree, otelcol.redact(more, { desired: tree }).text).verdict).toBe('in-sync');
      }),
    );
  });
});

describe('redaction', () => {
  it('is stable and always readable', () => {
    fc.assert(
      fc.property(configTrees, (tree) => {
        const once = agentTypes.otelcol.redact(renderYaml(tree), {});
        const twice = agentTypes.otelcol.redact(once.text, {});
        expect(once.readable && twice.text === once.text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
